import type { ConversationSummary } from "../../shared/api/assistant";
import { dateAndClock } from "../../shared/format";
import { Link, paths } from "../../shared/router";
import { shownText } from "../../shared/shownText";
import { texts } from "../../shared/texts";
import type { LoadedResource } from "../../shared/useResource";
import { Loaded } from "../../shared/ui/Pane";

const words = texts.assistant;

/** The conversations of this session, the newest first, and a way to begin another. */
export function ConversationList({ conversations, chosen }: { conversations: LoadedResource<ConversationSummary[]>; chosen: string | null }) {
  return (
    <nav className="conversations" aria-labelledby="conversations-title">
      <h2 className="pane-title" id="conversations-title">
        {words.conversations}
      </h2>
      <p>
        <Link to={paths.assistant} className="button quiet" aria-current={chosen === null ? "page" : undefined}>
          {words.start}
        </Link>
      </p>
      <Loaded resource={conversations}>
        {(all) =>
          all.length === 0 ? (
            <p className="empty">{words.noConversations}</p>
          ) : (
            <ul>
              {all.map(({ id, title, updatedAt, messages }) => (
                <li key={id}>
                  <Link to={paths.conversation(id)} aria-current={id === chosen ? "page" : undefined}>
                    <bdi>{shownText(title)}</bdi>
                  </Link>
                  <span className="help">{words.messages(messages, dateAndClock(updatedAt))}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </nav>
  );
}
