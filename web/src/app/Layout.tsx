import type { MouseEvent, ReactNode } from "react";
import { EraseButton } from "../features/session/EraseButton";
import { IdleWarning } from "../features/session/IdleWarning";
import { useLimits } from "../shared/api/limits";
import { Link, navigate, paths, routeOf, usePathname } from "../shared/router";
import { useSession } from "../shared/session";
import { en } from "../shared/texts/en";
import { ErrorBoundary } from "../shared/ui/ErrorBoundary";
import { Steps } from "./Steps";

/** What stands around every page. */
export function Layout({ children }: { children: ReactNode }) {
  const { state, erased } = useSession();
  const limits = useLimits();
  const route = routeOf(usePathname());
  const open = state.status === "open" ? state.session : null;
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById("content")?.focus();
  };
  return (
    <div className={`app app-${route.page}`}>
      <a className="skip" href="#content" onClick={skip}>
        {en.skipToContent}
      </a>
      <header className="bar-top">
        <div className="bar-inner">
          <Link to={paths.welcome} className="brand">
            <span className="brand-mark" aria-hidden="true" />
            {en.product}
          </Link>
          {open && (
            <EraseButton
              onErased={(receipt) => {
                navigate(paths.erased, { state: { receipt } });
                erased();
              }}
            />
          )}
        </div>
      </header>
      <aside className="emergency" aria-label={en.emergency.label}>
        <p>
          {en.emergency.before}
          {limits.data ? (
            <a href={`tel:${limits.data.emergencyNumber.replace(/[^+\d]/g, "")}`}>{limits.data.emergencyNumber}</a>
          ) : (
            en.emergency.localNumber
          )}
          {en.emergency.after}
        </p>
      </aside>
      {route.page !== "erased" && route.page !== "unknown" && <Steps route={route} session={open} />}
      <main id="content" tabIndex={-1} className="page">
        {children}
      </main>
      <footer className="foot">
        <p>{en.forResearch}</p>
        {limits.data && <p>{en.version(limits.data.version)}</p>}
      </footer>
      {open && (
        <ErrorBoundary name={en.session.idleTitle}>
          <IdleWarning session={open} />
        </ErrorBoundary>
      )}
    </div>
  );
}
