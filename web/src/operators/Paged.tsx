import type { ReactNode } from "react";
import { Loading, ProblemNotice } from "../shared/ui/Notice";
import type { Pages } from "./usePages";

/** Shows a list that is read a page at a time, with a way to read on. */
export function Paged<T>({ pages, children }: { pages: Pages<T>; children: (items: T[]) => ReactNode }) {
  return (
    <>
      {pages.items && children(pages.items)}
      {pages.busy && <Loading />}
      {pages.problem && <ProblemNotice problem={pages.problem} retry={pages.read} />}
      {!pages.busy && !pages.problem && pages.more && (
        <p className="actions">
          <button type="button" className="button quiet" onClick={pages.read}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}
