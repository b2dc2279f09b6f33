import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Answer, ConversationSummary, Message } from "../../shared/api/assistant";
import { drafts } from "../../shared/drafts";
import { shownText } from "../../shared/shownText";
import { serverLang, texts } from "../../shared/texts";
import { Loading, Notice, ProblemNotice } from "../../shared/ui/Notice";
import { AnswerItem } from "./AnswerItem";
import { Chat } from "./Chat";
import { isBusy, isEmergency, type ChatState } from "./chatState";
import { Composer, focusComposer } from "./Composer";
import { ConversationHead } from "./ConversationHead";
import type { Places } from "./evidence";
import { QuestionItem } from "./QuestionItem";
import { Suggestions } from "./Suggestions";

const words = texts.assistant;

interface ConversationPaneProps {
  /** The session's id. */
  session: string;
  places: Places;
  emergencyNumber: string | null;
  /** It was chosen here: it takes the focus. */
  focused: boolean;
  id: string;
  /** As the list has it, which may be newer. */
  title: string | null;
  /** What is asked at once: the conversation was begun for it. */
  first: string | null;
  /** It isn't asked a second time. */
  onFirstAsked: () => void;
  onAnswered: () => void;
  onRenamed: (summary: ConversationSummary) => void;
  onDeleted: () => void;
}

/** One conversation: what was asked and answered, and where the next question is written. */
export function ConversationPane({ focused, id, title, first, onFirstAsked, session, places, emergencyNumber, onAnswered, onRenamed, onDeleted }: ConversationPaneProps) {
  const answered = useRef(onAnswered);
  answered.current = onAnswered;
  const [chat] = useState(() => new Chat(id, { onAnswered: () => answered.current() }));
  const state = useSyncExternalStore(chat.subscribe, chat.read);
  const [opening] = useState(first);
  const [takesFocus] = useState(focused);
  const [draft, setDraft] = useState(() => (opening === null ? drafts.read(session, id) : ""));

  const replace = (text: string, replaces: string) => void chat.ask(text, replaces, () => drafts.write(session, replaces, ""));
  /** A question that doesn't get through is given back. What is in the store is lost with neither. */
  const ask = async (text: string) => {
    let begun = false;
    await chat.ask(text, null, () => {
      begun = true;
      if (drafts.read(session, id) === text) drafts.write(session, id, "");
    });
    if (!begun && chat.read().fault) setDraft((old) => (old === "" ? text : old));
  };
  const start = useRef(async () => {
    onFirstAsked();
    await chat.open();
    const { conversation } = chat.read();
    if (opening !== null && conversation?.items.length === 0) return ask(opening);
    // It was sent, and the page was left before the server said so.
    const newest = conversation?.items.filter(({ role }) => role === "person").pop();
    if (newest && newest.text === drafts.read(session, id)) {
      drafts.write(session, id, "");
      setDraft("");
    }
  });
  useEffect(() => {
    void start.current();
    return () => chat.close();
  }, [chat]);

  const { conversation } = state;
  if (!conversation) return state.unread ? <ProblemNotice problem={state.unread} retry={() => void start.current()} /> : <Loading />;
  const busy = isBusy(state);
  return (
    <section className="conversation" aria-labelledby="conversation-title">
      <ConversationHead focused={takesFocus && opening === null} id={id} title={title ?? conversation.title} onRenamed={onRenamed} onDeleted={onDeleted} />
      <Log
        state={state}
        session={session}
        places={places}
        emergencyNumber={emergencyNumber}
        onReplace={(text, replaces) => {
          replace(text, replaces);
          focusComposer();
        }}
        onRegenerate={() => {
          void chat.regenerate();
          focusComposer();
        }}
      />
      <Progress state={state} />
      <FaultNotice state={state} draft={draft} onAsk={(text) => void ask(text)} onReplace={replace} onRegenerate={() => void chat.regenerate()} onStop={() => void chat.stop()} onOpen={() => void chat.open()} />
      <Suggestions
        questions={busy ? [] : conversation.suggestions}
        busy={busy}
        onAsk={(question) => {
          void ask(question);
          focusComposer();
        }}
      />
      <Composer
        draft={draft}
        onDraft={(text) => {
          setDraft(text);
          drafts.write(session, id, text);
        }}
        onSend={(text) => {
          // It stays in the store until the server has it.
          drafts.write(session, id, text);
          setDraft("");
          void ask(text);
        }}
        busy={busy}
        onStop={conversation.answering ? () => void chat.stop() : null}
        stopping={state.stopping}
        focused={opening !== null}
      />
    </section>
  );
}

interface LogProps {
  state: ChatState;
  session: string;
  places: Places;
  emergencyNumber: string | null;
  onReplace: (text: string, replaces: string) => void;
  onRegenerate: () => void;
}

/** What was said so far. A screen reader hears what is added. */
function Log({ state, session, places, emergencyNumber, onReplace, onRegenerate }: LogProps) {
  const { conversation, pending } = state;
  const items = conversation?.items ?? [];
  const busy = isBusy(state);
  const newest = items[items.length - 1];
  const end = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(false);
  const size = items.length + (newest?.answer?.sentences.length ?? 0) + Number(pending !== null);
  useEffect(() => {
    const look = () => {
      isAtEnd.current = (end.current?.getBoundingClientRect().top ?? 0) < window.innerHeight + 120;
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, []);
  // What is added stays in sight for who reads at the end, and moves nothing for who has scrolled away.
  useEffect(() => {
    if (busy && isAtEnd.current) end.current?.scrollIntoView?.({ block: "nearest" });
  }, [busy, size]);
  return (
    <div className="log" role="log" aria-live="polite" aria-relevant="additions" aria-label={words.log}>
      {items.map((item, index) =>
        item.answer ? (
          <AnswerItem
            key={item.id}
            message={{ ...item, answer: item.answer }}
            places={places}
            emergency={isEmergency(item.answer, lastAnswer(items.slice(0, index)))}
            emergencyNumber={emergencyNumber}
            onRegenerate={!busy && item === newest ? onRegenerate : null}
          />
        ) : (
          <QuestionItem key={item.id} session={session} message={item} busy={busy} onReplace={(text) => onReplace(text, item.id)} />
        ),
      )}
      {pending && pending.replaces === null && (
        <article className="question" aria-label={words.yourQuestion} aria-live="off">
          <header className="said-by">{words.you}</header>
          <p className="question-text" dir="auto">
            {shownText(pending.text)}
          </p>
        </article>
      )}
      <div ref={end} />
    </div>
  );
}

function lastAnswer(items: readonly Message[]): Answer | null {
  return [...items].reverse().find(({ answer }) => answer)?.answer ?? null;
}

/** That something is under way, and what. The count is for eyes: read aloud it would be noise. */
function Progress({ state }: { state: ChatState }) {
  const doing = state.lost ? words.lost : state.stopping ? words.stopping : state.conversation?.answering ? words.writing : isBusy(state) ? words.sending : "";
  return (
    <p className={doing ? "loading" : "unseen"} role="status">
      {doing && <span className="pulse" aria-hidden="true" />}
      {doing}
      {doing && state.tokens > 0 && <span aria-hidden="true">{words.tokens(state.tokens)}</span>}
    </p>
  );
}

interface FaultNoticeProps {
  state: ChatState;
  draft: string;
  onAsk: (text: string) => void;
  onReplace: (text: string, replaces: string) => void;
  onRegenerate: () => void;
  onStop: () => void;
  onOpen: () => void;
}

/** What didn't work, and how to try it again. */
function FaultNotice({ state: { fault }, draft, onAsk, onReplace, onRegenerate, onStop, onOpen }: FaultNoticeProps) {
  if (!fault) return null;
  const { again } = fault;
  const asks = draft.trim();
  const askAgain = again ? () => onReplace(again.text, again.replaces) : asks ? () => onAsk(asks) : undefined;
  const retry = { ask: askAgain, regenerate: onRegenerate, stop: onStop, answer: onOpen }[fault.of];
  const wrong = fault.problem.byField.text;
  if (wrong) {
    return (
      <Notice tone="problem" role="alert" title={words.faults[fault.of]}>
        <p lang={serverLang()}>{wrong}</p>
      </Notice>
    );
  }
  return <ProblemNotice problem={fault.problem} title={words.faults[fault.of]} {...(retry ? { retry } : {})} />;
}
