import { useEffect, useRef, useState } from "react";
import { deleteConversation, longestTitle, renameConversation, type ConversationSummary } from "../../shared/api/assistant";
import { shownText } from "../../shared/shownText";
import { texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { ConfirmDialog } from "../../shared/ui/ConfirmDialog";
import { ProblemNotice } from "../../shared/ui/Notice";

const words = texts.assistant;

interface ConversationHeadProps {
  /** Its name has the focus once it is there. */
  focused?: boolean;
  id: string;
  title: string;
  onRenamed: (summary: ConversationSummary) => void;
  onDeleted: () => void;
}

/** The name of a conversation, and what can be done with all of it. */
export function ConversationHead({ focused = false, id, title, onRenamed, onDeleted }: ConversationHeadProps) {
  const [open, setOpen] = useState<"rename" | "delete" | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focused) heading.current?.focus();
  }, [focused]);
  const back = () => {
    setOpen(null);
    setTimeout(() => button.current?.focus(), 0);
  };
  return (
    <header className="conversation-head">
      {open === "rename" ? (
        <RenameForm
          id={id}
          title={title}
          onRenamed={(summary) => {
            onRenamed(summary);
            back();
          }}
          onCancel={back}
        />
      ) : (
        <>
          <h2 ref={heading} tabIndex={-1} id="conversation-title">
            <bdi>{shownText(title)}</bdi>
          </h2>
          <p className="actions">
            <button type="button" ref={button} className="button text" onClick={() => setOpen("rename")}>
              {words.rename}
            </button>
            <button type="button" className="button text" onClick={() => setOpen("delete")}>
              {words.delete}
            </button>
            <button type="button" className="button text" onClick={() => window.print()}>
              {words.print}
            </button>
          </p>
        </>
      )}
      {open === "delete" && <DeleteDialog id={id} title={title} onDeleted={onDeleted} onClose={() => setOpen(null)} />}
    </header>
  );
}

function RenameForm({ id, title, onRenamed, onCancel }: { id: string; title: string; onRenamed: (summary: ConversationSummary) => void; onCancel: () => void }) {
  const [name, setName] = useState(title);
  const field = useRef<HTMLInputElement>(null);
  const save = useAction(async () => onRenamed(await renameConversation(id, name.trim())));
  useEffect(() => field.current?.select(), []);
  return (
    <form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) void save.run();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <label htmlFor="conversation-name">{words.name}</label>
      <input ref={field} id="conversation-name" type="text" dir="auto" autoComplete="off" maxLength={longestTitle} value={name} onChange={(event) => setName(event.target.value)} />
      <p className="actions">
        <button type="submit" className="button primary" aria-disabled={save.busy || !name.trim()}>
          {words.saveName}
        </button>
        <button type="button" className="button quiet" onClick={onCancel}>
          {words.cancel}
        </button>
      </p>
      {save.problem && <ProblemNotice problem={save.problem} title={words.notRenamed} />}
    </form>
  );
}

function DeleteDialog({ id, title, onDeleted, onClose }: { id: string; title: string; onDeleted: () => void; onClose: () => void }) {
  const remove = useAction(async () => {
    await deleteConversation(id);
    onDeleted();
  });
  return (
    <ConfirmDialog title={words.deleteTitle} keep={words.keep} confirm={words.deleteConfirm} action={remove} onClose={onClose}>
      <p>{words.deleteBody(shownText(title))}</p>
    </ConfirmDialog>
  );
}
