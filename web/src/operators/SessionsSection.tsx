import { count, dateAndClock } from "../shared/format";
import { Listing } from "./Live";
import { Paged } from "./Paged";
import { usePages } from "./usePages";

export interface OpenSession {
  session: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  uploads: number;
  analyses: number;
  reports: number;
  conversations: number;
}

/** Which sessions there are, by the names that they have in the audit trail. Nothing of a record is here. */
export function SessionsSection() {
  const pages = usePages<OpenSession, { sessions: OpenSession[]; next?: string | null }>("/sessions", ({ sessions }) => sessions);
  return (
    <Paged pages={pages}>
      {(sessions) => (
        <Listing
          name="Open sessions"
          heads={["Session", "Since", "Last seen", "Ends", "Pictures", "Analyses", "Reports", "Conversations", "Trail"]}
          rows={sessions.map((one) => ({
            key: one.session,
            cells: [
              <code>{one.session}</code>,
              dateAndClock(one.createdAt),
              dateAndClock(one.lastSeenAt),
              dateAndClock(one.expiresAt),
              count(one.uploads),
              count(one.analyses),
              count(one.reports),
              count(one.conversations),
              <a href={`#audit?session=${encodeURIComponent(one.session)}`}>What was done</a>,
            ],
          }))}
          none="There is no session."
        />
      )}
    </Paged>
  );
}
