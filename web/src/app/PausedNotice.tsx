import { useLimits } from "../shared/api/limits";
import { texts } from "../shared/texts";
import { Notice } from "../shared/ui/Notice";

const words = texts.analysesPaused;

/** That no analysis can be begun for now, why, and what that means: stands where somebody would begin one. */
export function PausedNotice() {
  const limits = useLimits();
  if (!limits.data?.analysesPausedBy) return null;
  return (
    <Notice tone="attention" title={words.title} role="status">
      <p>{words.why}</p>
      <p>{words.kept}</p>
      <p>{words.unwell}</p>
    </Notice>
  );
}
