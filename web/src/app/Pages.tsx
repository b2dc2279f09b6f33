import { useCallback, useEffect, useRef } from "react";
import { AcuityRemark } from "../features/acuity/AcuityRemark";
import { AdjustedRemark } from "../features/analysis/Adjusted";
import { HistoryPage } from "../features/history/HistoryPage";
import { ReceiptPage, receiptOf } from "../features/session/ReceiptPage";
import { useAcuity } from "../shared/acuity";
import { navigate, paths, routeOf, useAddressedPart, usePageFocus, usePathname, type Route } from "../shared/router";
import { useSession, type SessionState } from "../shared/session";
import { texts } from "../shared/texts";
import { ErrorBoundary } from "../shared/ui/ErrorBoundary";
import { Loading, ProblemNotice } from "../shared/ui/Notice";
import { AnalysisPage } from "./AnalysisPage";
import { accessLogStep, assistantStep, pictureStep, reportsPane } from "./late";
import { PausedNotice } from "./PausedNotice";
import { RecordPage } from "./RecordPage";
import { UnknownPage } from "./UnknownPage";
import { WelcomePage } from "./WelcomePage";

/** The page that the address names. Without a session every page that needs one leads to the start. */
export function Pages() {
  const pathname = usePathname();
  const route = routeOf(pathname);
  const { state, refresh } = useSession();
  const sentHere = useRef(false);
  const open = route.page === "welcome" || route.page === "erased" || route.page === "unknown";
  const lost = !open && (state.status === "none" || state.status === "ended");

  useEffect(() => {
    if (!lost) return;
    sentHere.current = true;
    navigate(paths.welcome, { replace: true });
  }, [lost]);
  useEffect(() => {
    if (state.status !== "open") return;
    sentHere.current = false;
    pictureStep.ahead();
    assistantStep.ahead();
    reportsPane.ahead();
  }, [state.status]);
  // The conversations are one page.
  const page = route.page === "assistant" ? route.page : pathname;
  usePageFocus(texts.titled(titleOf(route)), page);
  useAddressedPart(pathname);

  if (route.page === "welcome") return <WelcomePage sentHere={sentHere.current} />;
  if (route.page === "erased") return <ReceiptPage receipt={receiptOf(window.history.state)} />;
  if (route.page === "unknown") return <UnknownPage />;
  if (state.status === "failed") return <ProblemNotice problem={state.problem} retry={() => void refresh()} />;
  if (state.status !== "open") return <Loading />;
  return (
    <ErrorBoundary key={route.page === "history" ? route.page : page} name={titleOf(route)}>
      <SessionPage route={route} state={state} refresh={refresh} />
    </ErrorBoundary>
  );
}

interface SessionPageProps {
  route: Route;
  state: Extract<SessionState, { status: "open" }>;
  refresh: () => Promise<void>;
}

function SessionPage({ route, state, refresh }: SessionPageProps) {
  const changed = useCallback(() => void refresh(), [refresh]);
  const { reload } = useAcuity();
  switch (route.page) {
    case "history":
      return (
        <HistoryPage
          topic={route.topic}
          remark={<AcuityRemark />}
          onComplete={() => {
            changed();
            navigate(paths.picture);
          }}
        />
      );
    case "picture":
    case "received":
      return (
        <pictureStep.Part
          uploadId={route.page === "received" ? route.uploadId : null}
          session={state.session.id}
          hasPictures={state.session.uploads > 0}
          onChanged={changed}
        />
      );
    case "analysis":
      return (
        <AnalysisPage
          key={route.analysisId}
          analysisId={route.analysisId}
          session={state.session.id}
          ended={<PausedNotice />}
          remark={
            <>
              <AcuityRemark withResult />
              <AdjustedRemark analysisId={route.analysisId} />
            </>
          }
          onCompleted={reload}
        />
      );
    case "record":
      return <RecordPage />;
    case "access-log":
      return <accessLogStep.Part />;
    case "assistant":
      return <assistantStep.Part session={state.session.id} conversationId={route.conversationId} />;
    default:
      return <UnknownPage />;
  }
}

function titleOf(route: Route): string {
  switch (route.page) {
    case "welcome":
      return texts.welcome.title;
    case "history":
      return texts.history.title;
    case "picture":
      return texts.picture.title;
    case "received":
      return texts.received.title;
    case "analysis":
      return texts.analysis.title;
    case "record":
      return texts.context.title;
    case "access-log":
      return texts.accessLog.title;
    case "assistant":
      return texts.assistant.title;
    case "erased":
      return texts.session.erasedTitle;
    case "unknown":
      return texts.notFound.title;
  }
}
