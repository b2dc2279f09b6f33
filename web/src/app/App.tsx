import { LimitsContext, useLoadLimits } from "../shared/api/limits";
import { SessionProvider } from "../shared/session";
import { ErrorBoundary } from "../shared/ui/ErrorBoundary";
import { en } from "../shared/texts/en";
import { Layout } from "./Layout";
import { Pages } from "./Pages";

/** The whole app. */
export function App() {
  return (
    <ErrorBoundary name={en.product} wholeApp>
      <Providers />
    </ErrorBoundary>
  );
}

function Providers() {
  const limits = useLoadLimits();
  return (
    <LimitsContext.Provider value={limits}>
      <SessionProvider>
        <Layout>
          <Pages />
        </Layout>
      </SessionProvider>
    </LimitsContext.Provider>
  );
}
