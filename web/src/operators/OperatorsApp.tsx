import { useState } from "react";
import { ErrorBoundary } from "../shared/ui/ErrorBoundary";
import { ClientContext, OperatorClient } from "./client";
import { Console, type Me } from "./Console";
import { SignIn } from "./SignIn";

/** The operators' page: sign in, then the console. */
export function OperatorsApp() {
  const [signedIn, setSignedIn] = useState<{ client: OperatorClient; me: Me } | null>(null);
  return (
    <ErrorBoundary name="Lightbox operators" wholeApp>
      {signedIn ? (
        <ClientContext.Provider value={signedIn.client}>
          <Console me={signedIn.me} onSignOut={() => setSignedIn(null)} />
        </ClientContext.Provider>
      ) : (
        <SignIn onSignedIn={(client, me) => setSignedIn({ client, me })} />
      )}
    </ErrorBoundary>
  );
}
