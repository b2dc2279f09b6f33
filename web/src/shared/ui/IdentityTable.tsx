import type { IdentityRow } from "../api/identity";
import { serverLang, texts } from "../texts";

const words = texts.identity;

interface IdentityTableProps {
  rows: readonly IdentityRow[];
  caption: string;
}

/**
 * The history beside the header of the file, line by line. The roles stand there because narrow screens show the rows as
 * blocks, and a browser then takes them for no table.
 */
export function IdentityTable({ rows, caption }: IdentityTableProps) {
  return (
    <table className="identity" role="table">
      <caption>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <td role="cell" />
          <th scope="col" role="columnheader">{words.told}</th>
          <th scope="col" role="columnheader">{words.file}</th>
          <th scope="col" role="columnheader">{words.compared}</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={row.field} role="row" className={row.agreement}>
            <th scope="row" role="rowheader">{words.fields[row.field]}</th>
            <td role="cell" data-column={words.told}>
              <Value row={row} value={row.told} today={row.field === "study-date"} />
            </td>
            <td role="cell" data-column={words.file}>
              <Value row={row} value={row.file} />
            </td>
            <td role="cell" data-column={words.compared} className="agreement">
              <span className="sign">{words.agreement[row.agreement]}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ row, value, today }: { row: IdentityRow; value: string | null | undefined; today?: boolean }) {
  if (value == null) return <span className="help">{words.missing}</span>;
  if (row.field === "sex") return <>{words.sexes[value] ?? value}</>;
  if (today) return <>{words.today(value)}</>;
  if (row.field === "age") {
    // "52, 2 years ago" comes from the server.
    return /^\d+$/.test(value) ? <>{words.years(Number(value))}</> : <span lang={serverLang()}>{value}</span>;
  }
  // An age that a date of birth is held against, and the age on the day of the picture, come from the server.
  const years = row.field === "birth-date" ? /^(\d+) years$/.exec(value) : null;
  if (years) return <>{words.years(Number(years[1]))}</>;
  return <span dir="auto">{value}</span>;
}
