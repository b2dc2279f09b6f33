import { useId, useRef, type ReactNode } from "react";
import { useLateHeading } from "../router";
import { texts } from "../texts";
import type { LoadedResource } from "../useResource";
import { ErrorBoundary } from "./ErrorBoundary";
import { Loading, ProblemNotice } from "./Notice";

interface PaneProps {
  title: string;
  className?: string;
  /** It may be taller than its place: the keyboard can reach and scroll it. */
  scrolls?: boolean;
  children: ReactNode;
}

/** A part of a page: a named region with an error boundary of its own. */
export function Pane({ title, className = "", scrolls, children }: PaneProps) {
  const id = useId();
  return (
    <section className={`pane ${className}`} aria-labelledby={id} tabIndex={scrolls ? 0 : undefined}>
      <h2 id={id} className="pane-title">
        {title}
      </h2>
      <ErrorBoundary name={title}>{children}</ErrorBoundary>
    </section>
  );
}

/** Shows what was read from the server, or that it is on its way, or why it isn't there. */
export function Loaded<T>({ resource, children }: { resource: LoadedResource<T>; children: (data: T) => ReactNode }) {
  switch (resource.state) {
    case "loading":
      return <Loading />;
    case "failed":
      return <ProblemNotice problem={resource.problem} retry={resource.reload} />;
    case "ready":
      return <>{children(resource.data)}</>;
  }
}

/** The heading of a page: where the focus goes on arrival. */
export function PageTitle({ children, lead }: { children: ReactNode; lead?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLateHeading(heading, typeof children === "string" ? texts.titled(children) : undefined);
  return (
    <header className="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
      {lead && <p className="lead">{lead}</p>}
    </header>
  );
}
