import { useContextFile } from "../../shared/api/context";
import { texts } from "../../shared/texts";
import { ErrorBoundary } from "../../shared/ui/ErrorBoundary";
import { Loaded, PageTitle } from "../../shared/ui/Pane";
import { ContextPane } from "./ContextPane";

const words = texts.context;

interface ContextPageProps {
  /** The short name of a question, where it is known. */
  nameOf: (question: string) => { text: string; lang?: string | undefined };
}

/** What the assistant is told. */
export function ContextPage({ nameOf }: ContextPageProps) {
  const file = useContextFile();
  return (
    <div className="context">
      <PageTitle lead={words.lead}>{words.title}</PageTitle>
      <ErrorBoundary name={words.title}>
        <Loaded resource={file}>{(known) => <ContextPane file={known} nameOf={nameOf} onChanged={file.replace} />}</Loaded>
      </ErrorBoundary>
    </div>
  );
}
