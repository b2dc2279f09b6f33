import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { getSession, type Session } from "./api/session";
import { drafts } from "./drafts";
import { onAnswer } from "./http";
import { asProblem, type Problem } from "./problem";
import { stopped } from "./stopped";

/** `ended`: there was one while this page was open. `none`: this browser brought none. */
export type SessionState =
  | { status: "loading" }
  | { status: "open"; session: Session }
  | { status: "none" }
  | { status: "ended" }
  | { status: "failed"; problem: Problem };

export interface SessionHold {
  state: SessionState;
  /** Asks the server how the session stands. Asking doesn't prolong it. */
  refresh: () => Promise<void>;
  /** Takes over an answer that the page has got already. */
  opened: (session: Session) => void;
  /** After erasing: there is none, and nobody needs an explanation. */
  erased: () => void;
}

const SessionContext = createContext<SessionHold | null>(null);

export function useSession(): SessionHold {
  const hold = useContext(SessionContext);
  if (!hold) throw new Error("useSession stands outside of SessionProvider");
  return hold;
}

/** Knows whether there is a session. Any 401 from anywhere ends it here. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<SessionState>({ status: "loading" });

  const refresh = useCallback(async () => {
    try {
      const session = await getSession();
      setState({ status: "open", session });
    } catch (error) {
      const problem = asProblem(error);
      // The listener below has dealt with a 401 already. A session that is open stays so over a lost connection.
      if (problem.code === "session-required") return;
      setState((old) => (old.status === "open" ? old : { status: "failed", problem }));
    }
  }, []);

  useEffect(
    () =>
      onAnswer(({ status }) => {
        if (status !== 401) return;
        setState((old) => (old.status === "open" || old.status === "ended" ? { status: "ended" } : { status: "none" }));
      }),
    [],
  );

  useEffect(() => {
    void refresh();
  }, [refresh]);

  // Whatever changes something prolongs the session and changes what it holds.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const stop = onAnswer(({ method, path, status }) => {
      if (method === "GET" || status >= 400 || path.startsWith("/session")) return;
      clearTimeout(timer);
      timer = setTimeout(() => void refresh(), 300);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [refresh]);

  // What is remembered for a session on this device ends with it.
  const over = state.status === "none" || state.status === "ended";
  useEffect(() => {
    if (!over) return;
    stopped.forgetAll();
    drafts.forgetAll();
  }, [over]);

  // At once: whoever goes to a page that needs the session right after this must find it there.
  const opened = useCallback((session: Session) => flushSync(() => setState({ status: "open", session })), []);
  const erased = useCallback(() => setState({ status: "none" }), []);
  const hold = useMemo(() => ({ state, refresh, opened, erased }), [state, refresh, opened, erased]);
  return <SessionContext.Provider value={hold}>{children}</SessionContext.Provider>;
}
