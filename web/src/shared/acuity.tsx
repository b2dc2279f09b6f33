import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { getAcuity, onAcuity, type Acuity } from "./api/acuity";
import { asProblem } from "./problem";
import { usePathname } from "./router";
import { useSession } from "./session";
import type { Resource } from "./useResource";

export type AcuityHold = Resource<Acuity> & {
  /** Asks the server again. What is known stays until it answers, and also if it doesn't. */
  reload: () => void;
};

const AcuityContext = createContext<AcuityHold | null>(null);

export function useAcuity(): AcuityHold {
  const hold = useContext(AcuityContext);
  if (!hold) throw new Error("useAcuity stands outside of AcuityProvider");
  return hold;
}

const loading: Resource<Acuity> = { state: "loading", data: undefined, problem: undefined };

/** How urgent it is, as the server says: asked for with every page of a session, and told with every save. */
export function AcuityProvider({ children }: { children: ReactNode }) {
  const { state } = useSession();
  const session = state.status === "open" ? state.session.id : null;
  const pathname = usePathname();
  const [known, setKnown] = useState<{ session: string | null; resource: Resource<Acuity> }>({ session: null, resource: loading });
  const [round, setRound] = useState(0);
  /** Counts what is newer: an answer that was overtaken changes nothing. */
  const newest = useRef(0);

  useEffect(() => {
    if (session === null) return;
    return onAcuity((data) => {
      newest.current += 1;
      setKnown({ session, resource: { state: "ready", data, problem: undefined } });
    });
  }, [session]);

  useEffect(() => {
    if (session === null) return;
    const turn = (newest.current += 1);
    const take = (resource: Resource<Acuity>) => {
      if (turn !== newest.current) return;
      // An urgency that is known isn't given up for a lost connection.
      setKnown((old) => (resource.state === "failed" && old.session === session && old.resource.state === "ready" ? old : { session, resource }));
    };
    getAcuity().then(
      (data) => take({ state: "ready", data, problem: undefined }),
      (error: unknown) => take({ state: "failed", data: undefined, problem: asProblem(error) }),
    );
    return () => {
      if (turn === newest.current) newest.current += 1;
    };
  }, [session, pathname, round]);

  const reload = useCallback(() => setRound((n) => n + 1), []);
  const resource = known.session === session ? known.resource : loading;
  const hold = useMemo(() => ({ ...resource, reload }), [resource, reload]);
  return <AcuityContext.Provider value={hold}>{children}</AcuityContext.Provider>;
}
