import { request } from "../../shared/http";
import { uploadSample, type Upload } from "../../shared/api/uploads";
import { serverLang, texts } from "../../shared/texts";
import { useAction } from "../../shared/useAction";
import { useResource } from "../../shared/useResource";
import { Loading, ProblemNotice } from "../../shared/ui/Notice";
import { Loaded } from "../../shared/ui/Pane";

const words = texts.picture;

/** One of `GET /samples`. */
export interface Sample {
  id: string;
  title: string;
  description: string;
  credit: string;
  licence: string;
  format: string;
}

/** Pictures that came with the server, for someone without one. */
export function Samples({ onReceived }: { onReceived: (upload: Upload) => void }) {
  const samples = useResource("samples", (signal) => request<Sample[]>("GET", "/samples", { signal }));
  const take = useAction(async (id: string) => onReceived(await uploadSample(id)));
  return (
    <>
      <p>{words.samplesLead}</p>
      {take.problem && <ProblemNotice problem={take.problem} />}
      {take.busy && <Loading what={words.sampleSending} />}
      <Loaded resource={samples}>
        {(list) =>
          list.length === 0 ? (
            <p className="empty">{words.noSamples}</p>
          ) : (
            <ul className="samples">
              {list.map((sample) => (
                <li key={sample.id} className="sample">
                  <h3 lang={serverLang()}>{sample.title}</h3>
                  <p lang={serverLang()}>{sample.description}</p>
                  <p className="credit">{words.credit(sample.credit, sample.licence)}</p>
                  <button type="button" className="button" aria-disabled={take.busy} aria-label={words.samplePick(sample.title)} onClick={() => void take.run(sample.id)}>
                    {words.sample}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}
