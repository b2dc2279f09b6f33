import { listAnalyses } from "../shared/api/analyses";
import { useLimits } from "../shared/api/limits";
import { Welcome } from "../features/welcome/Welcome";
import { navigate, paths } from "../shared/router";
import { useSession } from "../shared/session";
import { useResource } from "../shared/useResource";

export function WelcomePage({ sentHere }: { sentHere: boolean }) {
  const { state, opened } = useSession();
  const limits = useLimits();
  const hasAnalyses = state.status === "open" && state.session.analyses > 0;
  const analyses = useResource(hasAnalyses ? "analyses" : null, listAnalyses);
  return (
    <Welcome
      session={state}
      limits={limits}
      sentHere={sentHere}
      lastAnalysisId={analyses.data?.[0]?.id ?? null}
      onStarted={(session) => {
        opened(session);
        navigate(paths.history);
      }}
    />
  );
}
