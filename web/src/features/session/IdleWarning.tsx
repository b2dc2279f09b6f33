import { useEffect, useState } from "react";
import { extendSession, type Session } from "../../shared/api/session";
import { countdown } from "../../shared/format";
import { serverNow } from "../../shared/http";
import { useSession } from "../../shared/session";
import { texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { Dialog } from "../../shared/ui/Dialog";
import { ProblemNotice } from "../../shared/ui/Notice";

const words = texts.session;

/** Seconds before the end. */
const warningTime = 120;

/** Warns before the session ends, and offers to stay. Asks the server first: another tab may have been in use. */
export function IdleWarning({ session, now = serverNow }: { session: Session; now?: () => number }) {
  const { refresh, opened } = useSession();
  const [, setTick] = useState(0);
  const [verified, setVerified] = useState(false);
  const [dismissed, setDismissed] = useState(false);
  const stay = useAction(async () => opened(await extendSession()));

  const idleLeft = (Date.parse(session.idleExpiresAt) - now()) / 1000;
  const absoluteLeft = (Date.parse(session.absoluteExpiresAt) - now()) / 1000;
  const left = Math.min(idleLeft, absoluteLeft);
  const close = left <= warningTime;
  const final = absoluteLeft <= idleLeft;
  /** Counts up every two seconds once the time is over. */
  const over = left > 0 ? 0 : 1 + Math.floor(-left / 2);

  useEffect(() => {
    const timer = setInterval(() => setTick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);

  useEffect(() => {
    setDismissed(false);
    if (!close) {
      setVerified(false);
      return;
    }
    let here = true;
    void refresh().then(() => {
      if (here) setVerified(true);
    });
    return () => {
      here = false;
    };
  }, [close, refresh]);

  useEffect(() => {
    if (over > 0) void refresh();
  }, [over, refresh]);

  if (!close || !verified || dismissed) return null;
  const time = countdown(left);
  return (
    <Dialog title={words.idleTitle} role="alertdialog" onClose={() => (final ? setDismissed(true) : void stay.run())}>
      <p role="timer">{final ? words.absolute(time) : words.idle(time)}</p>
      {stay.problem && <ProblemNotice problem={stay.problem} />}
      <p className="actions">
        {final ? (
          <button type="button" className="button primary" onClick={() => setDismissed(true)}>
            {words.understood}
          </button>
        ) : (
          <button type="button" className="button primary" aria-disabled={stay.busy} onClick={() => void stay.run()}>
            {words.stay}
          </button>
        )}
      </p>
    </Dialog>
  );
}
