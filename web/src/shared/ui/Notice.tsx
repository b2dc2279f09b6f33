import type { ReactNode } from "react";
import type { Problem } from "../problem";
import { serverLang, texts } from "../texts";

export type Tone = "plain" | "attention" | "problem" | "good";

interface NoticeProps {
  tone?: Tone;
  title?: string;
  /** `alert` interrupts a screen reader; `status` waits; nothing says nothing. */
  role?: "alert" | "status";
  children?: ReactNode;
  id?: string;
}

/** A framed message. The tone is never told by colour alone: the title says it. */
export function Notice({ tone = "plain", title, role, children, id }: NoticeProps) {
  return (
    <div className={`notice ${tone}`} role={role} id={id}>
      {title && <p className="notice-title">{title}</p>}
      {children}
    </div>
  );
}

/** A problem in words, with a way to try again. */
export function ProblemNotice({ problem, title, retry, retryLabel }: { problem: Problem; title?: string; retry?: () => void; retryLabel?: string }) {
  return (
    <Notice tone="problem" role="alert" {...(title ? { title } : {})}>
      <p>{problem.sentence}</p>
      {retry && (
        <p className="actions">
          <button type="button" className="button quiet" onClick={retry}>
            {retryLabel ?? texts.tryAgain}
          </button>
        </p>
      )}
      {(problem.detail || problem.requestId) && (
        <details className="technical">
          <summary>{texts.technicalDetails}</summary>
          <p>
            <span lang={serverLang()}>{problem.detail}</span> <code>{problem.code}</code>
          </p>
          {problem.requestId && <p className="reference">{texts.reference(problem.requestId)}</p>}
        </details>
      )}
    </Notice>
  );
}

export function Loading({ what = texts.loading }: { what?: string }) {
  return (
    <p className="loading" role="status">
      <span className="pulse" aria-hidden="true" />
      {what}
    </p>
  );
}
