import type { ReactNode } from "react";
import type { Action } from "../useAction";
import { Dialog } from "./Dialog";
import { ProblemNotice } from "./Notice";

interface ConfirmDialogProps {
  title: string;
  /** What the button says that changes nothing. */
  keep: string;
  confirm: string;
  /** Instead of `confirm` while it is being done. */
  confirming?: string;
  action: Action<[]>;
  onClose: () => void;
  /** What it means. */
  children: ReactNode;
}

/** Asks before something that can't be undone. It stays open while that is being done, and says why it failed. */
export function ConfirmDialog({ title, keep, confirm, confirming = confirm, action, onClose, children }: ConfirmDialogProps) {
  const close = () => {
    if (action.busy) return;
    action.forget();
    onClose();
  };
  return (
    <Dialog title={title} role="alertdialog" onClose={close}>
      {children}
      {action.problem && <ProblemNotice problem={action.problem} />}
      <p className="actions">
        <button type="button" className="button quiet" onClick={close}>
          {keep}
        </button>
        <button type="button" className="button danger" aria-disabled={action.busy} onClick={() => void action.run()}>
          {action.busy ? confirming : confirm}
        </button>
      </p>
    </Dialog>
  );
}
