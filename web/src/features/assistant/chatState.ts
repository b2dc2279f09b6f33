import type { Answer, AnswerEvent, Conversation, Message } from "../../shared/api/assistant";
import type { Problem } from "../../shared/problem";

/** What a person set off and what didn't work. */
export interface Fault {
  /** `answer`: the server gave up on an answer that it had begun. */
  of: "ask" | "regenerate" | "stop" | "answer";
  problem: Problem;
  /** What was asked in place of another question. */
  again?: { text: string; replaces: string };
}

/** A conversation as it stands on the page. */
export interface ChatState {
  /** Null until it was read. */
  conversation: Conversation | null;
  /** Why it couldn't be read. */
  unread: Problem | null;
  /** A question that is on its way to the server. */
  pending: { text: string; replaces: string | null } | null;
  /** Another answer was asked for and hasn't begun. */
  regenerating: boolean;
  stopping: boolean;
  /** Pieces of words that the model has written, and that nobody has checked. */
  tokens: number;
  /** The connection is lost, and is tried again. */
  lost: boolean;
  fault: Fault | null;
}

export const unopened: ChatState = {
  conversation: null, unread: null, pending: null, regenerating: false, stopping: false, tokens: 0, lost: false, fault: null,
};

/** Whether an answer is under way, so that nothing else can be asked. */
export function isBusy({ conversation, pending, regenerating }: ChatState): boolean {
  return pending !== null || regenerating || Boolean(conversation?.answering);
}

/** The conversation after an event. Hearing an event again changes nothing. */
export function heard(conversation: Conversation, event: AnswerEvent): Conversation {
  switch (event.name) {
    case "begin": {
      const { question, answer } = event;
      const known = conversation.items.find(({ id }) => id === answer.id);
      const kept = conversation.items.filter(({ number }) => number < question.number);
      return { ...conversation, items: [...kept, question, known ?? answer], answering: answer.id };
    }
    case "sentence":
      return withAnswer(conversation, event.answerId, (answer) => {
        // A gap is filled by the end.
        if (event.index > answer.sentences.length) return answer;
        const sentences = [...answer.sentences];
        sentences[event.index] = event.sentence;
        return { ...answer, sentences };
      });
    case "done": {
      const { answer } = event;
      const items = conversation.items.some(({ id }) => id === answer.id)
        ? conversation.items.map((item) => (item.id === answer.id ? answer : item))
        : [...conversation.items.filter(({ number }) => number < answer.number), answer];
      return { ...conversation, items, answering: null, suggestions: answer.answer?.suggestions ?? conversation.suggestions };
    }
    default:
      return conversation;
  }
}

function withAnswer(conversation: Conversation, id: string, change: (answer: Answer) => Answer): Conversation {
  const items = conversation.items.map((item): Message => (item.id === id && item.answer ? { ...item, answer: change(item.answer) } : item));
  return { ...conversation, items };
}

const urgentIntents = ["emergency", "self-harm"];

/** Whether an answer tells of an emergency: by what the question was taken for, or because the urgency rose with it. */
export function isEmergency(answer: Answer, before: Answer | null | undefined): boolean {
  if (urgentIntents.includes(answer.intent)) return true;
  return answer.acuity === "emergency" && Boolean(before) && before?.acuity !== "emergency";
}
