import { useAcuity } from "../../shared/acuity";
import { texts } from "../../shared/texts";
import { Loading, Notice } from "../../shared/ui/Notice";
import { adviceOf, Lowering, Reasons, Steps } from "./parts";

const words = texts.acuity;

/**
 * What is less urgent, where the answers are checked and with the result: an appointment soon; and with the result also
 * that nothing urgent is no reassurance. What is more urgent stands on every page already.
 */
export function AcuityRemark({ withResult = false }: { withResult?: boolean }) {
  const acuity = useAcuity();
  if (acuity.state === "loading") return withResult ? <Loading what={words.loading} /> : null;
  if (acuity.state === "failed") return null;
  if (acuity.data.level === "soon") {
    const { title, steps, lang } = adviceOf(acuity.data);
    return (
      <div className="acuity-remark">
        <Notice tone="attention" role="status">
          <p className="notice-title" lang={lang}>
            {title}
          </p>
          <Steps steps={steps} lang={lang} />
          <Reasons acuity={acuity.data} />
          <Lowering acuity={acuity.data} />
        </Notice>
      </div>
    );
  }
  if (acuity.data.level !== "routine" || !withResult) return null;
  return (
    <div className="acuity-remark">
      <p className="help">{words.routine}</p>
      <Lowering acuity={acuity.data} />
    </div>
  );
}
