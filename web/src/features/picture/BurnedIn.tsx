import { useEffect, useState } from "react";
import type { BurnedInText } from "../../shared/api/uploads";
import { after, type After } from "../../shared/clock";
import { texts } from "../../shared/texts";
import { Notice } from "../../shared/ui/Notice";

const words = texts.received;

interface BurnedInProps {
  found: BurnedInText;
  /** Asks the server once more. */
  reload: () => void;
  clock?: After;
}

/** Letters in the pixels, which may name a person. While they are being looked for, the server is asked again. */
export function BurnedIn({ found, reload, clock = after }: BurnedInProps) {
  const [open, setOpen] = useState(false);
  const pending = found.state === "pending";

  // Each answer is another object, and starts another wait.
  useEffect(() => (pending ? clock(2000, reload) : undefined), [pending, found, reload, clock]);

  if (found.state !== "found") return null;
  const read = found.lines.flatMap(({ text }) => text ?? []);
  return (
    <Notice tone="attention" title={words.lettersTitle} role="status">
      <p>{words.lettersAdvice}</p>
      {found.lines.length > 0 && (
        <details className="technical" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>{words.lettersRead(found.lines.length)}</summary>
          {/* Only on request: it may be a name, and others may see this page. */}
          {open && (read.length > 0 ? <ul className="read-lines">{read.map((text, index) => <li key={index}>{text}</li>)}</ul> : <p>{words.lettersUnread}</p>)}
        </details>
      )}
    </Notice>
  );
}
