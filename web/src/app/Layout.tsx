import type { MouseEvent, ReactNode } from "react";
import { AcuityNotice } from "../features/acuity/AcuityNotice";
import { EraseButton } from "../features/session/EraseButton";
import { IdleWarning } from "../features/session/IdleWarning";
import { LogOffButton } from "../features/session/LogOffButton";
import { useLimits } from "../shared/api/limits";
import { Link, navigate, paths, routeOf, usePathname } from "../shared/router";
import { useSession } from "../shared/session";
import { texts } from "../shared/texts";
import { CallLink } from "../shared/ui/CallLink";
import { ErrorBoundary } from "../shared/ui/ErrorBoundary";
import { LanguageChoice } from "./LanguageChoice";
import { MaintenanceNotice } from "./MaintenanceNotice";
import { PausedNotice } from "./PausedNotice";
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
        {texts.skipToContent}
      </a>
      <header className="bar-top">
        <div className="bar-inner">
          <Link to={paths.welcome} className="brand">
            <span className="brand-mark" aria-hidden="true" />
            {texts.product}
          </Link>
          {open && (
            <div className="bar-actions">
              <LogOffButton
                onLoggedOff={() => {
                  erased();
                  navigate(paths.welcome);
                }}
              />
              <EraseButton
                onErased={(receipt) => {
                  navigate(paths.erased, { state: { receipt } });
                  erased();
                }}
              />
            </div>
          )}
        </div>
      </header>
      {open && (
        <ErrorBoundary name={texts.acuity.name}>
          <AcuityNotice />
        </ErrorBoundary>
      )}
      <aside className="emergency" aria-label={texts.emergency.label}>
        <p>
          {texts.emergency.before}
          {limits.data ? (
            <CallLink number={limits.data.emergencyNumber}>{limits.data.emergencyNumber}</CallLink>
          ) : (
            texts.emergency.localNumber
          )}
          {texts.emergency.after}
        </p>
      </aside>
      {route.page !== "erased" && route.page !== "unknown" && <Steps route={route} session={open} />}
      <MaintenanceNotice maintenance={limits.data?.maintenance} />
      {(route.page === "picture" || route.page === "received") && <PausedNotice />}
      <main id="content" tabIndex={-1} className="page">
        {children}
      </main>
      <footer className="foot">
        <p>{texts.forResearch}</p>
        {open && (
          <p>
            <Link to={paths.accessLog}>{texts.accessLog.link}</Link>
          </p>
        )}
        {limits.data && <p>{texts.version(limits.data.version)}</p>}
        <LanguageChoice />
      </footer>
      {open && (
        <ErrorBoundary name={texts.session.idleTitle}>
          <IdleWarning session={open} />
        </ErrorBoundary>
      )}
    </div>
  );
}
