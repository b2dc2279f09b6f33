import { useState, type FormEvent } from "react";
import { useAction } from "../shared/useAction";
import { ProblemNotice } from "../shared/ui/Notice";
import { OperatorClient } from "./client";
import type { Me } from "./Console";

/** Asks for the operator's token. It stays in the memory of this tab: a reload asks again. */
export function SignIn({ onSignedIn }: { onSignedIn: (client: OperatorClient, me: Me) => void }) {
  const [token, setToken] = useState("");
  const { run, busy, problem } = useAction(async () => {
    const client = new OperatorClient(token.trim());
    onSignedIn(client, await client.request<Me>("GET", "/me"));
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim()) void run();
  };
  return (
    <main className="sign-in">
      <h1>Lightbox operators</h1>
      <p className="lead">Queue, workers, latency, alerts, errors and the audit trail of this server. No patient data is shown here, unless a clinician opens one record in an emergency.</p>
      <form onSubmit={submit}>
        <label htmlFor="token">Operator’s token</label>
        <input id="token" type="password" autoComplete="off" spellCheck={false} value={token} onChange={(event) => setToken(event.target.value)} required />
        <p className="help">The token from “lightbox operators add”, or a token of your identity provider. It stays in this tab.</p>
        <p className="actions">
          <button type="submit" className="button primary" disabled={busy}>
            {busy ? "Signing in…" : "Sign in"}
          </button>
        </p>
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </main>
  );
}
