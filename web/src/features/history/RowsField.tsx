import { useEffect, useRef, useState } from "react";
import { texts } from "../../shared/texts";
import { Asked, fieldId, Help, Mark, type FieldProps } from "./field";
import { columnsOf, helpOf, maximumRows, type Row } from "./questionnaire";
import { QuestionField } from "./QuestionField";

const words = texts.history;

interface RowsFieldProps extends FieldProps {
  /** What is wrong, by place: `medication/0/name`. */
  errors: Record<string, string>;
}

/** A list of rows with the same questions in each, for example one for each medicine. */
export function RowsField({ item, value, error, errors, onChange }: RowsFieldProps) {
  const saved = Array.isArray(value) ? (value as Row[]) : [];
  // Rows that nobody has filled in yet are not part of the answer. Keys let a row keep its fields when one above goes.
  const [rows, setRows] = useState<{ key: number; row: Row }[]>(() => saved.map((row, key) => ({ key, row })));
  const [entered, setEntered] = useState<Record<string, string>>({});
  const [said, setSaid] = useState("");
  const nextKey = useRef(saved.length);
  /** What gets the focus once the rows are drawn anew. */
  const focusNext = useRef<string | null>(null);
  const id = fieldId(item.linkId);
  const columns = columnsOf(item);
  const most = maximumRows(item);

  useEffect(() => {
    if (focusNext.current) document.getElementById(id)?.querySelector<HTMLElement>(focusNext.current)?.focus();
    focusNext.current = null;
  });

  const give = (next: { key: number; row: Row }[], faults: Record<string, string>) => {
    setRows(next);
    setEntered(faults);
    const filled = next.map(({ row }) => row).filter((row) => Object.keys(row).length > 0);
    const fault = next.some(({ key }) => columns.some(({ name }) => faults[`${key}/${name}`]));
    onChange(filled.length > 0 ? filled : null, fault ? words.rowFault : undefined);
  };
  const changeCell = (key: number, name: string) => (answer: unknown, fault?: string) => {
    const place = `${key}/${name}`;
    const { [place]: _, ...others } = entered;
    const next = rows.map((entry) => {
      if (entry.key !== key) return entry;
      const { [name]: __, ...cells } = entry.row;
      return { key, row: answer === null ? cells : { ...cells, [name]: answer as Row[string] } };
    });
    give(next, fault ? { ...others, [place]: fault } : others);
  };
  const focusSoon = (selector: string) => {
    focusNext.current = selector;
  };
  const add = () => {
    const key = nextKey.current++;
    setRows((old) => [...old, { key, row: {} }]);
    setSaid(words.rowAdded);
    focusSoon(".row:last-of-type input, .row:last-of-type select");
  };
  const remove = (key: number, name: string) => {
    const faults = Object.fromEntries(Object.entries(entered).filter(([place]) => !place.startsWith(`${key}/`)));
    give(rows.filter((entry) => entry.key !== key), faults);
    setSaid(words.rowRemoved(name));
    focusSoon(".add-row");
  };

  // The server counts rows that say something; the page may hold empty ones between them.
  let counted = -1;
  return (
    <fieldset id={id} tabIndex={-1} className={error ? "field rows wrong" : "field rows"} aria-describedby={helpOf(item) && `${id}-help`}>
      <legend>
        <Asked item={item} /> <Mark item={item} />
      </legend>
      <Help item={item} id={`${id}-help`} />
      {error && <p className="field-error">{error}</p>}
      {rows.map(({ key, row }, index) => {
        const isFilled = Object.keys(row).length > 0;
        if (isFilled) counted += 1;
        const [first] = columns;
        const about = first && typeof row[first.name] === "string" && first.column.type !== "choice" ? String(row[first.name]) : "";
        const title = words.row(first?.column.prefix ?? item.text, index + 1, about);
        return (
          <div key={key} className="row" role="group" aria-label={title}>
            <p className="row-head">
              <strong>{title}</strong>
              <button type="button" className="button text" onClick={() => remove(key, title)}>
                {words.removeRow}
                <span className="unseen">: {title}</span>
              </button>
            </p>
            <div className="row-cells">
              {columns.map(({ name, column }) => {
                const place = `${item.linkId}/${counted}/${name}`;
                return (
                  <QuestionField
                    key={name}
                    item={{ ...column, linkId: isFilled ? place : `${item.linkId}/new-${key}/${name}` }}
                    value={row[name]}
                    error={entered[`${key}/${name}`] ?? (isFilled ? errors[place] : undefined)}
                    onChange={changeCell(key, name)}
                  />
                );
              })}
            </div>
          </div>
        );
      })}
      <p className="unseen" role="status">
        {said}
      </p>
      {rows.length < most ? (
        <button type="button" className="button add-row" onClick={add}>
          {rows.length === 0 ? words.addFirst : words.addAnother}
          <span className="unseen">: {item.text}</span>
        </button>
      ) : (
        <p className="help">{words.mostRows(most)}</p>
      )}
    </fieldset>
  );
}
