import { useCallback, useEffect, useRef } from "react";
import { useAcuity } from "../../shared/acuity";
import { getAssistant, listConversations } from "../../shared/api/assistant";
import { useLimits } from "../../shared/api/limits";
import { Link, navigate, paths } from "../../shared/router";
import { texts } from "../../shared/texts";
import { useResource } from "../../shared/useResource";
import { CallLink } from "../../shared/ui/CallLink";
import { ErrorBoundary } from "../../shared/ui/ErrorBoundary";
import { Notice } from "../../shared/ui/Notice";
import { PageTitle } from "../../shared/ui/Pane";
import { ConversationList } from "./ConversationList";
import { ConversationPane } from "./ConversationPane";
import type { Places } from "./evidence";
import { SpeakerName } from "./SpeakerName";
import { StartPane } from "./StartPane";

const words = texts.assistant;

interface AssistantPageProps {
  /** The session's id. */
  session: string;
  /** The conversation that is open, or null for a new one. */
  conversationId: string | null;
  places: Places;
}

/** Questions about the record and their answers: the conversations of this session. */
export function AssistantPage({ session, conversationId, places }: AssistantPageProps) {
  const assistant = useResource("assistant", getAssistant);
  const conversations = useResource("conversations", listConversations);
  const acuity = useAcuity();
  const limits = useLimits();
  /** The question that a conversation was begun for, until it is asked. */
  const first = useRef<{ id: string; question: string } | null>(null);
  const number = acuity.data?.emergencyNumber ?? limits.data?.emergencyNumber ?? null;
  const { reload } = conversations;
  const reloadAcuity = acuity.reload;
  const answered = useCallback(() => {
    reload();
    reloadAcuity();
  }, [reload, reloadAcuity]);

  // Another conversation takes the focus along; the page's heading has had it on arrival.
  const before = useRef(conversationId);
  const switched = before.current !== conversationId;
  useEffect(() => {
    before.current = conversationId;
  }, [conversationId]);

  return (
    <div className="assistant">
      <PageTitle lead={words.lead}>{words.title}</PageTitle>
      <Notice tone="attention" title={words.noteTitle}>
        <p>
          {words.note} {number && <CallLink number={number}>{texts.acuity.inEmergency(number)}</CallLink>}
        </p>
        <p>
          {assistant.data && (
            <>
              {words.speaks} <strong><SpeakerName speaker={assistant.data.speaker} /></strong>.{" "}
            </>
          )}
          <Link to={paths.record}>{texts.context.link}</Link>
        </p>
      </Notice>
      <div className="assistant-columns">
        <ErrorBoundary key={conversationId} name={words.title}>
          {conversationId === null ? (
            <StartPane
              session={session}
              focused={switched}
              onStarted={(id, question) => {
                first.current = { id, question };
                reload();
                navigate(paths.conversation(id));
              }}
            />
          ) : (
            <ConversationPane
              id={conversationId}
              title={conversations.data?.find(({ id }) => id === conversationId)?.title ?? null}
              first={first.current?.id === conversationId ? first.current.question : null}
              onFirstAsked={() => (first.current = null)}
              focused={switched}
              session={session}
              places={places}
              emergencyNumber={number}
              onAnswered={answered}
              onRenamed={(summary) => conversations.replace((conversations.data ?? []).map((one) => (one.id === summary.id ? summary : one)))}
              onDeleted={() => {
                reload();
                navigate(paths.assistant, { replace: true });
              }}
            />
          )}
        </ErrorBoundary>
        <ErrorBoundary name={words.conversations}>
          <ConversationList conversations={conversations} chosen={conversationId} />
        </ErrorBoundary>
      </div>
    </div>
  );
}
