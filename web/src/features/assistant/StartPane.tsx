import { useRef, useState } from "react";
import { startConversation } from "../../shared/api/assistant";
import { drafts } from "../../shared/drafts";
import { newKey } from "../../shared/key";
import { texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { Loading, ProblemNotice } from "../../shared/ui/Notice";
import { Composer, focusComposer } from "./Composer";
import { Suggestions } from "./Suggestions";

const words = texts.assistant;
const draftName = "new";

/** What most people ask first, in the language that the assistant understands. */
const firstQuestions = ["What did the picture show?", "What was not checked?", "What do you know about me?", "What should I ask the doctor?"];

interface StartPaneProps {
  /** Somebody wants to begin: the field takes the focus. */
  focused: boolean;
  /** The session's id. */
  session: string;
  /** A conversation was begun for this question. */
  onStarted: (conversation: string, question: string) => void;
}

/** A conversation that isn't there before its first question. */
export function StartPane({ focused, session, onStarted }: StartPaneProps) {
  const [draft, setDraft] = useState(() => drafts.read(session, draftName));
  const [asked, setAsked] = useState("");
  const key = useRef(newKey());
  const start = useAction(async (question: string) => {
    const { id } = await startConversation(key.current);
    drafts.write(session, draftName, "");
    // Until the server has it, it is the new conversation's draft.
    drafts.write(session, id, question);
    onStarted(id, question);
  });
  const ask = (question: string) => {
    setAsked(question);
    void start.run(question);
  };
  return (
    <section className="conversation" aria-labelledby="conversation-title">
      <h2 id="conversation-title" tabIndex={-1}>
        {words.startTitle}
      </h2>
      {start.busy && <Loading what={words.sending} />}
      {start.problem && <ProblemNotice problem={start.problem} title={words.faults.ask} retry={() => ask(asked)} />}
      <Suggestions
        questions={firstQuestions}
        busy={start.busy}
        onAsk={(question) => {
          ask(question);
          focusComposer();
        }}
      />
      <Composer
        draft={draft}
        onDraft={(text) => {
          setDraft(text);
          drafts.write(session, draftName, text);
        }}
        onSend={ask}
        busy={start.busy}
        onStop={null}
        stopping={false}
        focused={focused}
      />
    </section>
  );
}
