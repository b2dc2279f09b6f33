import { count, dateAndClock } from "../shared/format";
import { Act } from "./Act";
import { useClient, usePolled } from "./client";
import { Listing, Live } from "./Live";

export interface ErrorGroup {
  fingerprint: string;
  origin: string;
  message: string;
  count: number;
  firstSeen: string;
  lastSeen: string;
  requestIds: string[];
  resolvedAt?: string | null;
}

/** What went wrong, alike with alike, newest first. */
export function ErrorsSection({ mayChange }: { mayChange: boolean }) {
  const client = useClient();
  const polled = usePolled<{ errors: ErrorGroup[] }>("/errors", 5);
  const heads = ["Where", "What", "How often", "First", "Last", "Requests", "Resolved"];
  const rows = (errors: ErrorGroup[]) =>
    errors.map((group) => ({
      key: group.fingerprint,
      cells: [
        group.origin,
        group.message,
        count(group.count),
        dateAndClock(group.firstSeen),
        dateAndClock(group.lastSeen),
        <code>{group.requestIds.join(" ")}</code>,
        group.resolvedAt ? (
          dateAndClock(group.resolvedAt)
        ) : mayChange ? (
          <Act
            label="Mark as resolved"
            does={async () => {
              await client.request("POST", `/errors/${encodeURIComponent(group.fingerprint)}/resolve`);
              polled.reload();
            }}
          />
        ) : (
          "no"
        ),
      ],
    }));
  return (
    <Live polled={polled}>
      {({ errors }) => {
        const sorted = [...errors].sort((one, other) => Date.parse(other.lastSeen) - Date.parse(one.lastSeen));
        return (
          <>
            <Listing name="Open" heads={heads} rows={rows(sorted.filter(({ resolvedAt }) => !resolvedAt))} none="No errors." />
            <Listing name="Resolved" heads={heads} rows={rows(sorted.filter(({ resolvedAt }) => resolvedAt))} none="None." />
          </>
        );
      }}
    </Live>
  );
}
