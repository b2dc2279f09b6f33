import { useAcuity } from "../../shared/acuity";
import type { Acuity } from "../../shared/api/acuity";
import { texts } from "../../shared/texts";
import { CallLink } from "../../shared/ui/CallLink";
import { ProblemNotice } from "../../shared/ui/Notice";
import { adviceOf, Lowering, Reasons, Steps } from "./parts";

const words = texts.acuity;

/** What is so urgent that it stands on every page of the session: an emergency, or something for today. */
export function AcuityNotice() {
  const acuity = useAcuity();
  if (acuity.state === "failed") {
    return (
      <div className="acuity-failed">
        <ProblemNotice problem={acuity.problem} title={words.failed} retry={acuity.reload} />
      </div>
    );
  }
  switch (acuity.data?.level) {
    case "emergency":
      return <Emergency acuity={acuity.data} />;
    case "urgent":
      return <Urgent acuity={acuity.data} />;
    default:
      return null;
  }
}

/** The call stays in sight while the page is scrolled; what else to do and why stands below it. */
function Emergency({ acuity }: { acuity: Acuity }) {
  const { title, steps, lang } = adviceOf(acuity);
  return (
    <>
      <div className="acuity-call" role="alert">
        <div className="acuity-inner">
          <p className="acuity-title" id="acuity-title" lang={lang}>
            {title}
          </p>
          <CallLink number={acuity.emergencyNumber} className="acuity-number">
            {words.call(acuity.emergencyNumber)}
          </CallLink>
        </div>
      </div>
      <section className="acuity-detail emergency-detail" aria-labelledby="acuity-title">
        <div className="acuity-inner">
          <Steps steps={steps} lang={lang} />
          <Reasons acuity={acuity} />
          <p>{words.ratchet}</p>
          <Lowering acuity={acuity} />
        </div>
      </section>
    </>
  );
}

function Urgent({ acuity }: { acuity: Acuity }) {
  const { title, steps, lang } = adviceOf(acuity);
  return (
    <div className="acuity-detail urgent-detail" role="status">
      <div className="acuity-inner">
        <p className="acuity-title" lang={lang}>
          {title}
        </p>
        <Steps steps={steps} lang={lang} />
        <p>
          <CallLink number={acuity.emergencyNumber}>{words.inEmergency(acuity.emergencyNumber)}</CallLink>
        </p>
        <Reasons acuity={acuity} />
        <p className="help">{words.ratchet}</p>
        <Lowering acuity={acuity} />
      </div>
    </div>
  );
}
