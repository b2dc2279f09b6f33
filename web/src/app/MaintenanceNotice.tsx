import type { Limits } from "../shared/api/limits";
import { texts } from "../shared/texts";
import { Notice } from "../shared/ui/Notice";

/** That nothing new can be begun for now, in the operator's own words. */
export function MaintenanceNotice({ maintenance }: { maintenance: Limits["maintenance"] }) {
  if (!maintenance) return null;
  return (
    <Notice tone="attention" title={texts.maintenance.title} role="status">
      <p dir="auto">{maintenance.message}</p>
      <p>{texts.maintenance.help}</p>
    </Notice>
  );
}
