import type { Result } from "../../shared/api/result";
import { duration } from "../../shared/format";
import { serverLang, texts } from "../../shared/texts";
import { Fact } from "../../shared/ui/Fact";

const words = texts.results;

/** Which model and which program made the result, and how long it took. */
export function ModelFacts({ result }: { result: Result }) {
  const { model, milliseconds } = result;
  const steps = Object.entries(milliseconds);
  const total = steps.reduce((sum, [, value]) => sum + value, 0);
  return (
    <>
      <p>
        <strong lang={serverLang()}>{model.title}</strong>, {model.version}
      </p>
      {model.intendedUse && (
        <p>
          {words.intendedUse}: <span lang={serverLang()}>{model.intendedUse}</span>
        </p>
      )}
      <p>
        {words.duration}: {duration(total)}
      </p>
      <details className="technical">
        <summary>
          {texts.technicalDetails}
          <span className="unseen">: {words.model}</span>
        </summary>
        <dl className="facts">
          <Fact name={words.modelId} value={`${model.id} ${model.version}`} />
          <Fact name={words.engine} value={result.engineVersion} />
          <Fact name={words.weights} value={model.sha256} />
          <Fact name={words.preprocessing} value={model.preprocessingSha256} />
          {steps.map(([step, value]) => (
            <Fact key={step} name={`${words.duration}, ${words.milliseconds[step] ?? step}`} value={duration(value)} />
          ))}
        </dl>
      </details>
    </>
  );
}
