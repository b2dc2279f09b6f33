import { useState, type FormEvent } from "react";
import { count, dateAndClock } from "../shared/format";
import { Listing } from "./Live";
import { Paged } from "./Paged";
import { usePages } from "./usePages";

export interface TrailLine {
  number: number;
  at: string;
  actor: string;
  name?: string | null;
  role?: string | null;
  session?: string | null;
  action: string;
  subject?: string | null;
  outcome: string;
  request?: string | null;
  bytes?: number | null;
}

interface Asked {
  session: string;
  action: string;
  from: string;
  to: string;
}

/** What the address asks for: `#audit?session=…`. */
function askedByAddress(): Asked {
  const query = new URLSearchParams(window.location.hash.split("?")[1] ?? "");
  return { session: query.get("session") ?? "", action: query.get("action") ?? "", from: "", to: "" };
}

/** A time of this browser's zone, as a field gives it, for the server. */
function instant(local: string): string {
  return new Date(local).toISOString();
}

export function trailPath({ session, action, from, to }: Asked): string {
  const query = new URLSearchParams();
  if (session.trim()) query.set("session", session.trim());
  if (action.trim()) query.set("action", action.trim());
  if (from) query.set("from", instant(from));
  if (to) query.set("to", instant(to));
  const text = query.toString();
  return text ? `/audit?${text}` : "/audit";
}

/** The trail, newest first, searched by session, action and time. */
export function AuditSection() {
  const [typed, setTyped] = useState(askedByAddress);
  const [asked, setAsked] = useState(typed);
  const pages = usePages<TrailLine, { lines: TrailLine[]; next?: number | null }>(trailPath(asked), ({ lines }) => lines);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(typed);
  };
  const field = (name: keyof Asked, label: string, type = "text") => (
    <label>
      {label}
      <input type={type} value={typed[name]} spellCheck={false} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} />
    </label>
  );
  return (
    <>
      <form onSubmit={submit} className="row-form" role="search">
        {field("session", "Session")}
        {field("action", "Action")}
        {field("from", "From", "datetime-local")}
        {field("to", "To", "datetime-local")}
        <button type="submit" className="button quiet">
          Search
        </button>
      </form>
      <Paged pages={pages}>
        {(lines) => (
          <Listing
            name="Lines"
            heads={["Number", "At", "Who", "Session", "Action", "On", "Outcome", "Bytes", "Request"]}
            rows={lines.map((line) => ({
              key: String(line.number),
              cells: [
                line.number,
                dateAndClock(line.at),
                [line.actor, line.name, line.role && `(${line.role})`].filter(Boolean).join(" "),
                <code>{line.session ?? ""}</code>,
                line.action,
                <code>{line.subject ?? ""}</code>,
                line.outcome,
                typeof line.bytes === "number" ? count(line.bytes) : "",
                <code>{line.request ?? ""}</code>,
              ],
            }))}
            none="No line fits."
          />
        )}
      </Paged>
    </>
  );
}
