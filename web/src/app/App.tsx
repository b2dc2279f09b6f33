import { AcuityProvider } from "../shared/acuity";
import { LimitsContext, useLoadLimits } from "../shared/api/limits";
import { SessionProvider } from "../shared/session";
import { ErrorBoundary } from "../shared/ui/ErrorBoundary";
import { texts } from "../shared/texts";
import { Layout } from "./Layout";
import { Pages } from "./Pages";

/** The whole app. */
export function App() {
  return (
    <ErrorBoundary name={texts.product} wholeApp>
      <Providers />
    </ErrorBoundary>
  );
}

function Providers() {
  const limits = useLoadLimits();
  return (
    <LimitsContext.Provider value={limits}>
      <SessionProvider>
        <AcuityProvider>
          <Layout>
            <Pages />
          </Layout>
        </AcuityProvider>
      </SessionProvider>
    </LimitsContext.Provider>
  );
}
