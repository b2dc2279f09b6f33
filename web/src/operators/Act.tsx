import type { ReactNode } from "react";
import { ProblemNotice } from "../shared/ui/Notice";
import { useAction } from "../shared/useAction";

/** A button that does something on the server, with the problem it ended in. */
export function Act({ label, does, danger = false, children }: { label: string; does: () => Promise<void>; danger?: boolean; children?: ReactNode }) {
  const { run, busy, problem } = useAction(does);
  return (
    <span className="act">
      <button type="button" className={`button ${danger ? "danger" : "quiet"}`} disabled={busy} onClick={() => void run()}>
        {children ?? label}
      </button>
      {problem && <ProblemNotice problem={problem} title={`${label}: not done`} />}
    </span>
  );
}
