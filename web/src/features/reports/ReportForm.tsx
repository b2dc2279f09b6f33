import { useId, useRef, useState } from "react";
import { listConversations } from "../../shared/api/assistant";
import { makeReport, type Report, type ReportAudience, type ReportPaper, type ReportWish } from "../../shared/api/reports";
import { dateAndClock } from "../../shared/format";
import { newKey } from "../../shared/key";
import { asProblem } from "../../shared/problem";
import { shownText } from "../../shared/shownText";
import { lateTexts } from "../../shared/texts/late";
import { useAction } from "../../shared/useAction";
import { useResource } from "../../shared/useResource";
import { Loading, ProblemNotice } from "../../shared/ui/Notice";
import { FailureNotice } from "./FailureNotice";
import { usualPaper } from "./paper";

const words = lateTexts.reports;
const audiences: readonly ReportAudience[] = ["clinician", "patient"];
const papers: readonly ReportPaper[] = ["a4", "letter"];

interface ReportFormProps {
  analysisId: string;
  onMade: (report: Report) => void;
}

/** For whom a report is, on which paper, and with what. */
export function ReportForm({ analysisId, onMade }: ReportFormProps) {
  const [audience, setAudience] = useState<ReportAudience>("clinician");
  const [paper, setPaper] = useState<ReportPaper>(usualPaper);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [named, setNamed] = useState(false);
  /** The wish that was last sent, and its key: another try of it makes no second report. */
  const sent = useRef({ wish: "", key: "" });
  const make = useAction(async () => {
    const wish: ReportWish = { analysisId, audience, paper, conversations: [...ticked], nameInFileName: named };
    const said = JSON.stringify(wish);
    if (sent.current.wish !== said) sent.current = { wish: said, key: newKey() };
    try {
      const report = await makeReport(wish, sent.current.key);
      sent.current.wish = "";
      onMade(report);
    } catch (error) {
      // Whatever was answered stays answered: only a wish without an answer is tried again as the same.
      if (!asProblem(error).passes) sent.current.wish = "";
      throw error;
    }
  });
  const id = useId();
  return (
    <form
      className="report-form"
      aria-labelledby={`${id}-title`}
      onSubmit={(event) => {
        event.preventDefault();
        void make.run();
      }}
    >
      <h3 id={`${id}-title`} className="unseen">
        {words.newTitle}
      </h3>
      <fieldset className="field">
        <legend>{words.audience}</legend>
        <div className="options audiences">
          {audiences.map((one) => (
            <label key={one} className={one === audience ? "option on" : "option"}>
              <input type="radio" name={`${id}-audience`} checked={one === audience} aria-describedby={`${id}-${one}`} onChange={() => setAudience(one)} />
              <span>
                {words.audiences[one].name}
                <span className="help" id={`${id}-${one}`} aria-hidden="true">
                  {words.audiences[one].help}
                </span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className="field">
        <legend>{words.paper}</legend>
        <div className="options">
          {papers.map((one) => (
            <label key={one} className={one === paper ? "option on" : "option"}>
              <input type="radio" name={`${id}-paper`} checked={one === paper} onChange={() => setPaper(one)} />
              <span>{words.papers[one]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Conversations
        ticked={ticked}
        onTick={(conversation, on) => {
          const now = new Set(ticked);
          if (on) now.add(conversation);
          else now.delete(conversation);
          setTicked(now);
        }}
      />
      <label className="check report-name">
        <input type="checkbox" checked={named} aria-describedby={`${id}-name`} onChange={(event) => setNamed(event.target.checked)} />
        <span>
          {words.nameInFile}
          <span className="help" id={`${id}-name`} aria-hidden="true">
            {words.nameInFileHelp}
          </span>
        </span>
      </label>
      <p className="actions">
        <button type="submit" className="button primary large" aria-disabled={make.busy}>
          {words.make}
        </button>
      </p>
      {make.busy && <Loading what={words.asking} />}
      {make.problem && <FailureNotice problem={make.problem} title={words.notMade} />}
    </form>
  );
}

interface ConversationsProps {
  ticked: ReadonlySet<string>;
  onTick: (id: string, on: boolean) => void;
}

/** The conversations of the session, the oldest first. Without one there is nothing to choose. */
function Conversations({ ticked, onTick }: ConversationsProps) {
  const id = useId();
  const conversations = useResource("conversations", listConversations);
  if (conversations.state === "failed") return <ProblemNotice problem={conversations.problem} retry={conversations.reload} />;
  const list = (conversations.data ?? []).filter(({ messages }) => messages > 0).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  if (list.length === 0) return null;
  return (
    <fieldset className="field" aria-describedby={`${id}-help`}>
      <legend>{words.conversations}</legend>
      <p className="help" id={`${id}-help`}>
        {words.conversationsHelp}
      </p>
      {list.map((conversation) => (
        <label key={conversation.id} className="check">
          <input type="checkbox" checked={ticked.has(conversation.id)} onChange={(event) => onTick(conversation.id, event.target.checked)} />
          <span>
            <bdi>{shownText(conversation.title)}</bdi>
            <span className="help">{words.messages(conversation.messages, dateAndClock(conversation.createdAt))}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
