import type { Session } from "../shared/api/session";
import { Link, paths, type Route } from "../shared/router";
import { texts } from "../shared/texts";

const words = texts.steps;

interface Step {
  name: string;
  pages: Route["page"][];
  /** Where it leads, if that makes sense now. */
  to: string | null;
  done: boolean;
}

/** The way through, and where on it this page is. */
export function Steps({ route, session }: { route: Route; session: Session | null }) {
  const steps: Step[] = [
    { name: words.welcome, pages: ["welcome"], to: paths.welcome, done: session !== null },
    { name: words.history, pages: ["history"], to: session && paths.history, done: session?.intakeComplete ?? false },
    { name: words.picture, pages: ["picture", "received"], to: session && paths.picture, done: (session?.uploads ?? 0) > 0 },
    { name: words.analysis, pages: ["analysis"], to: null, done: false },
    { name: words.assistant, pages: ["assistant"], to: session && paths.assistant, done: false },
  ];
  return (
    <nav className="steps" aria-label={words.label}>
      <ol>
        {steps.map((step) => {
          const here = step.pages.includes(route.page);
          const note = step.done && !here && <span className="unseen"> ({words.done})</span>;
          return (
            <li key={step.name} className={`${here ? "here" : ""} ${step.done ? "done" : ""}`} aria-current={here ? "step" : undefined}>
              {step.to && !here ? (
                <Link to={step.to}>
                  {step.name}
                  {note}
                </Link>
              ) : (
                <span>
                  {step.name}
                  {note}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
