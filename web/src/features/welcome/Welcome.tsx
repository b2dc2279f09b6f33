import type { Session } from "../../shared/api/session";
import type { Limits } from "../../shared/api/limits";
import { Link, paths } from "../../shared/router";
import type { SessionState } from "../../shared/session";
import { texts } from "../../shared/texts";
import type { LoadedResource } from "../../shared/useResource";
import { Notice } from "../../shared/ui/Notice";
import { Loaded, PageTitle, Pane } from "../../shared/ui/Pane";
import { ConsentForm } from "./ConsentForm";

const words = texts.welcome;

interface WelcomeProps {
  session: SessionState;
  limits: LoadedResource<Limits>;
  /** The page that was asked for needed a session. */
  sentHere: boolean;
  /** The newest analysis, if there is one. */
  lastAnalysisId: string | null;
  onStarted: (session: Session) => void;
}

/** What this is, what it isn't, and the consent. */
export function Welcome({ session, limits, sentHere, lastAnalysisId, onStarted }: WelcomeProps) {
  return (
    <>
      {session.status === "ended" && (
        <Notice tone="attention" role="alert" title={words.endedTitle}>
          <p>{words.ended}</p>
        </Notice>
      )}
      {session.status === "none" && sentHere && (
        <Notice tone="attention" role="alert" title={words.noneTitle}>
          <p>{words.none}</p>
        </Notice>
      )}
      <PageTitle lead={words.lead}>{words.title}</PageTitle>
      {session.status === "open" && <OpenSession session={session.session} lastAnalysisId={lastAnalysisId} />}
      <div className="two-columns">
        <Pane title={words.isTitle} className="plain-list">
          <List items={words.is} mark="yes" />
        </Pane>
        <Pane title={words.isNotTitle} className="plain-list">
          <List items={words.isNot} mark="no" />
        </Pane>
      </div>
      <Pane title={words.dataTitle} className="plain-list">
        <Loaded resource={limits}>
          {(known) => <List items={words.data(Math.round(known.idleTimeoutSeconds / 60))} mark="dot" />}
        </Loaded>
      </Pane>
      {session.status !== "open" && (
        <Pane title={words.consentTitle} className="consent">
          <Loaded resource={limits}>
            {(known) => <ConsentForm version={known.consentVersion} onStarted={onStarted} />}
          </Loaded>
        </Pane>
      )}
    </>
  );
}

function List({ items, mark }: { items: string[]; mark: "yes" | "no" | "dot" }) {
  return (
    <ul className={`marked ${mark}`}>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

function OpenSession({ session, lastAnalysisId }: { session: Session; lastAnalysisId: string | null }) {
  const [to, label] = lastAnalysisId
    ? [paths.analysis(lastAnalysisId), words.continueResult]
    : session.intakeComplete
      ? [paths.picture, words.continuePicture]
      : [paths.history, words.continueHistory];
  return (
    <Notice tone="good" title={words.openTitle}>
      <p>{words.open}</p>
      <p className="actions">
        <Link to={to} className="button primary">
          {label}
        </Link>
        {to !== paths.history && (
          <Link to={paths.history} className="button quiet">
            {words.continueHistory}
          </Link>
        )}
      </p>
    </Notice>
  );
}
