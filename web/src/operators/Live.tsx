import type { ReactNode } from "react";
import { clock } from "../shared/format";
import { Loading, ProblemNotice } from "../shared/ui/Notice";
import type { Polled } from "./client";

/** Shows what is read again and again. A try that fails is said above what was read before. */
export function Live<T>({ polled, children }: { polled: Polled<T>; children: (data: T) => ReactNode }) {
  const { data, problem, at, reload } = polled;
  return (
    <>
      {problem && <ProblemNotice problem={problem} retry={reload} {...(data !== null && at !== null ? { title: `Not up to date: this is from ${clock(at)}` } : {})} />}
      {data === null && !problem && <Loading />}
      {data !== null && children(data)}
    </>
  );
}

/** A table with its name; what is in it scrolls where it is too wide. */
export function Listing({ name, heads, rows, none }: { name: string; heads: readonly string[]; rows: readonly { key: string; cells: readonly ReactNode[] }[]; none: string }) {
  return (
    <section className="listing">
      <h2>{name}</h2>
      {rows.length === 0 ? (
        <p className="empty">{none}</p>
      ) : (
        <div className="listing-scroll" tabIndex={0} role="region" aria-label={name}>
          <table>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, cells }) => (
                <tr key={key}>
                  {cells.map((cell, index) => (
                    <td key={heads[index]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
