import { useEffect, useState, type ReactNode } from "react";
import { ErrorBoundary } from "../shared/ui/ErrorBoundary";
import { AlertsSection } from "./AlertsSection";
import { AuditSection } from "./AuditSection";
import { ErrorsSection } from "./ErrorsSection";
import { MaintenanceSection } from "./MaintenanceSection";
import { ModelsSection } from "./ModelsSection";
import { OverviewSection } from "./OverviewSection";
import { QueueSection } from "./QueueSection";
import { RecordSection } from "./RecordSection";
import { SessionsSection } from "./SessionsSection";
import { WorkersSection } from "./WorkersSection";

export type Role = "viewer" | "operator" | "clinician";

/** Who is signed in. */
export interface Me {
  name: string;
  roles: Role[];
}

/** Whether somebody may change something. What is hidden here the server refuses too. */
export function mayChange({ roles }: Me): boolean {
  return roles.includes("operator");
}

interface Section {
  id: string;
  name: string;
  show: (me: Me) => ReactNode;
}

const sections: readonly Section[] = [
  { id: "overview", name: "Overview", show: () => <OverviewSection /> },
  { id: "queue", name: "Queue", show: (me) => <QueueSection mayChange={mayChange(me)} /> },
  { id: "workers", name: "Workers", show: () => <WorkersSection /> },
  { id: "alerts", name: "Alerts", show: (me) => <AlertsSection mayChange={mayChange(me)} /> },
  { id: "errors", name: "Errors", show: (me) => <ErrorsSection mayChange={mayChange(me)} /> },
  { id: "sessions", name: "Sessions", show: () => <SessionsSection /> },
  { id: "record", name: "Open a record", show: (me) => <RecordSection mayOpen={me.roles.includes("clinician")} /> },
  { id: "audit", name: "Audit trail", show: () => <AuditSection /> },
  { id: "models", name: "Models", show: (me) => <ModelsSection mayChange={mayChange(me)} /> },
  { id: "maintenance", name: "Maintenance", show: (me) => <MaintenanceSection mayChange={mayChange(me)} /> },
];

/** The section that the address names. */
function useSection(): Section {
  const read = () => sections.find(({ id }) => window.location.hash.split("?")[0] === `#${id}`) ?? (sections[0] as Section);
  const [section, setSection] = useState(read);
  useEffect(() => {
    const changed = () => setSection(read());
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return section;
}

/** Everything that an operator sees, a section at a time. */
export function Console({ me, onSignOut }: { me: Me; onSignOut: () => void }) {
  const section = useSection();
  useEffect(() => {
    document.title = `${section.name} · Lightbox operators`;
  }, [section]);
  return (
    <div className="console">
      <header className="console-bar">
        <p className="brand">
          <span className="brand-mark" aria-hidden="true" />
          Lightbox operators
        </p>
        <p className="console-me">
          {me.name} ({me.roles.join(", ")}){" "}
          <button type="button" className="button on-bar" onClick={onSignOut}>
            Sign out
          </button>
        </p>
      </header>
      <nav aria-label="Sections" className="console-nav">
        {sections.map(({ id, name }) => (
          <a key={id} href={`#${id}`} aria-current={section.id === id ? "page" : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <main className="console-main">
        <h1>{section.name}</h1>
        <ErrorBoundary key={section.id} name={section.name}>
          {section.show(me)}
        </ErrorBoundary>
      </main>
    </div>
  );
}
