import type { Acuity, AcuityReason } from "../../shared/api/acuity";
import { dateAndClock } from "../../shared/format";
import { serverLang, texts } from "../../shared/texts";

const words = texts.acuity;

/** What to do, in the language of the page where it has the words, else in the server's. */
export function adviceOf({ level, advice, emergencyNumber }: Acuity): { title: string; steps: readonly string[]; lang: string | undefined } {
  const own = words.advice?.[level](emergencyNumber);
  return own ? { ...own, lang: undefined } : { ...advice, lang: serverLang() };
}

export function Steps({ steps, lang }: { steps: readonly string[]; lang: string | undefined }) {
  return (
    <ul className="acuity-steps" lang={lang}>
      {steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ul>
  );
}

/** Why: what makes the level what it is, and the rest to unfold. */
export function Reasons({ acuity }: { acuity: Acuity }) {
  const heaviest = acuity.reasons.filter(({ level }) => level === acuity.level);
  const others = acuity.reasons.filter(({ level }) => level !== acuity.level);
  return (
    <>
      {heaviest.length > 0 && (
        <>
          <p className="acuity-why">{words.why}</p>
          <List reasons={heaviest} />
        </>
      )}
      {others.length > 0 && (
        <details>
          <summary>{words.others(others.length)}</summary>
          <List reasons={others} />
        </details>
      )}
    </>
  );
}

function List({ reasons }: { reasons: AcuityReason[] }) {
  return (
    <ul className="acuity-reasons">
      {reasons.map((reason) => (
        <li key={`${reason.rule} ${reason.origin} ${reason.field ?? ""}`}>
          <span lang={serverLang()}>{reason.text}</span> {words.origins[reason.origin]}{" "}
          <a href={reason.source.url} target="_blank" rel="noopener noreferrer">
            <span lang={serverLang()}>{reason.source.title}</span> {texts.opensInNewTab}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Who lowered the level, when and why. */
export function Lowering({ acuity: { lowering } }: { acuity: Acuity }) {
  if (!lowering) return null;
  return (
    <p className="acuity-lowering">
      {words.lowered(words.levels[lowering.level], dateAndClock(lowering.at))} <strong dir="auto">{lowering.clinician}</strong>. {words.loweredWhy}{" "}
      <q dir="auto">{lowering.reason}</q>
    </p>
  );
}
