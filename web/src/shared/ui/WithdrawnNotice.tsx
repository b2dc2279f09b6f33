import type { Withdrawal } from "../api/reports";
import { dateAndClock } from "../format";
import { shownText } from "../shownText";
import { texts } from "../texts";
import { Notice } from "./Notice";

/** That the version of a model must not be relied on any more. */
export function WithdrawnNotice({ withdrawn }: { withdrawn: Withdrawal }) {
  return (
    <Notice tone="problem" title={texts.results.withdrawnTitle}>
      <p>
        {texts.results.withdrawn(dateAndClock(withdrawn.at))} <bdi>{shownText(withdrawn.reason)}</bdi>
      </p>
    </Notice>
  );
}
