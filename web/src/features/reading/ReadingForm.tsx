import { useId, useRef, useState } from "react";
import { longestClinician, longestReading, recordReading, revealFindings } from "../../shared/api/analyses";
import { drafts } from "../../shared/drafts";
import { count } from "../../shared/format";
import { lateTexts } from "../../shared/texts/late";
import { useAction } from "../../shared/useAction";
import { ProblemNotice } from "../../shared/ui/Notice";

const words = lateTexts.reading;

type Field = "clinician" | "text";
type Faults = Partial<Record<Field, string>>;

interface ReadingFormProps {
  analysisId: string;
  /** The session's id. */
  session: string;
  /** The findings are shown already. */
  late?: boolean;
  /** The reading is recorded, or the findings may be shown without one. */
  onDone: () => void;
}

const kept = (field: Field, analysisId: string) => `${field} of the reading of ${analysisId}`;

/** Whether something was written that isn't recorded. */
export function hasDraft(session: string, analysisId: string): boolean {
  return drafts.read(session, kept("text", analysisId)) !== "";
}

/** A clinician's own reading, or the wish to do without one. */
export function ReadingForm({ analysisId, session, late = false, onDone }: ReadingFormProps) {
  const id = useId();
  const [clinician, setClinician] = useState(() => drafts.read(session, kept("clinician", analysisId)));
  const [text, setText] = useState(() => drafts.read(session, kept("text", analysisId)));
  const [faults, setFaults] = useState<Faults>({});
  const nameField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLTextAreaElement>(null);

  const done = () => {
    drafts.write(session, kept("clinician", analysisId), "");
    drafts.write(session, kept("text", analysisId), "");
    onDone();
  };
  const record = useAction(async () => {
    await recordReading(analysisId, { clinician: clinician.trim(), text: text.trim() });
    done();
  });
  const reveal = useAction(async () => {
    await revealFindings(analysisId);
    done();
  });
  const busy = record.busy || reveal.busy;
  const submit = () => {
    if (busy) return;
    const found = faultsOf(clinician, text, late);
    setFaults(found);
    if (found.clinician) nameField.current?.focus();
    else if (found.text) textField.current?.focus();
    else void record.run();
  };
  const change = (field: Field, value: string) => {
    (field === "text" ? setText : setClinician)(value);
    drafts.write(session, kept(field, analysisId), value);
    setFaults((old) => ({ ...old, [field]: undefined }));
    record.forget();
  };
  const told = record.problem?.byField ?? {};
  const wrong: Faults = { clinician: faults.clinician ?? told["clinician"], text: faults.text ?? told["text"] };
  const length = lengthOf(text);
  /** What wires a field to its help and to its fault. */
  const wired = (field: Field) => ({
    id: `${id}-${field}`,
    "aria-describedby": `${id}-${field}-help${wrong[field] ? ` ${id}-${field}-fault` : ""}`,
    "aria-invalid": wrong[field] ? (true as const) : undefined,
    "aria-required": true as const,
  });
  const fault = (field: Field) =>
    wrong[field] && (
      <p className="field-error" id={`${id}-${field}-fault`} role="alert">
        {wrong[field]}
      </p>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={wrong.clinician ? "field wrong" : "field"}>
        <label htmlFor={`${id}-clinician`}>{words.name}</label>
        <p className="help" id={`${id}-clinician-help`}>
          {words.nameHelp}
        </p>
        <input ref={nameField} type="text" dir="auto" autoComplete="off" value={clinician} onChange={(event) => change("clinician", event.target.value)} {...wired("clinician")} />
        {fault("clinician")}
      </div>
      <div className={wrong.text ? "field wrong" : "field"}>
        <label htmlFor={`${id}-text`}>{words.text}</label>
        <p className="help" id={`${id}-text-help`}>
          {words.textHelp}
        </p>
        <textarea ref={textField} dir="auto" rows={9} value={text} onChange={(event) => change("text", event.target.value)} {...wired("text")} />
        <p className="help reading-count">{words.count(count(length), count(longestReading))}</p>
        {fault("text")}
      </div>
      {record.problem && <ProblemNotice problem={record.problem} title={words.notRecorded} />}
      {reveal.problem && <ProblemNotice problem={reveal.problem} title={words.notRevealed} />}
      <p className="help">{late ? words.markedLate : words.final}</p>
      <div className="actions stacked">
        <button type="submit" className="button primary large" aria-disabled={busy}>
          {record.busy ? words.recording : late ? words.recordLate : words.record}
        </button>
        {!late && (
          <button type="button" className="button quiet" aria-disabled={busy} onClick={() => !busy && void reveal.run()}>
            {reveal.busy ? words.revealing : words.reveal}
          </button>
        )}
      </div>
    </form>
  );
}

/** As many characters as there are code points. */
function lengthOf(text: string): number {
  return [...text.trim()].length;
}

function faultsOf(clinician: string, text: string, late: boolean): Faults {
  const excess = (value: string, most: number) => (lengthOf(value) > most ? words.tooLong(count(lengthOf(value) - most)) : undefined);
  return {
    clinician: clinician.trim() ? excess(clinician, longestClinician) : words.nameMissing,
    text: text.trim() ? excess(text, longestReading) : late ? words.textMissingLate : words.textMissing,
  };
}
