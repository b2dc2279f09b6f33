import { Component, type ErrorInfo, type ReactNode } from "react";
import { reportClientError } from "../api/clientErrors";
import { lastRequestId } from "../http";
import { texts } from "../texts";

interface Props {
  /** What broke, for people: "Findings". */
  name: string;
  /** Around the whole app: nothing else is left to use. */
  wholeApp?: boolean;
  children: ReactNode;
}

interface State {
  broken: boolean;
  requestId: string | null;
}

/** Keeps an error in one part of the page from taking the rest with it, and tells the server about it. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { broken: false, requestId: null };

  static getDerivedStateFromError(): State {
    return { broken: true, requestId: lastRequestId() };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    // Not its name: that is for people, in their language, and the server takes words that it knows.
    reportClientError(error, this.props.wholeApp ? "app" : "part", info.componentStack ?? undefined);
  }

  private readonly retry = () => this.setState({ broken: false, requestId: null });

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    const { name, wholeApp } = this.props;
    const Heading = wholeApp ? "h1" : "h2";
    return (
      <div className={wholeApp ? "broken broken-app" : "broken"} role="alert">
        <Heading className="broken-title">{wholeApp ? texts.broken.app : texts.broken.pane(name)}</Heading>
        <p>{wholeApp ? texts.broken.bodyApp : texts.broken.body}</p>
        {this.state.requestId && <p className="reference">{texts.reference(this.state.requestId)}</p>}
        <p className="actions">
          <button type="button" className="button" onClick={this.retry}>
            {texts.tryAgain}
          </button>
          {wholeApp && (
            <button type="button" className="button quiet" onClick={() => window.location.reload()}>
              {texts.broken.reload}
            </button>
          )}
        </p>
      </div>
    );
  }
}
