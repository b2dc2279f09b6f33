import { clock, count, duration } from "../shared/format";
import { usePolled } from "./client";
import { Live } from "./Live";
import { Plot } from "./Plot";

export interface Point {
  at: string;
  requests: number;
  errors: number;
  p50?: number | null;
  p95?: number | null;
  p99?: number | null;
  queued?: number | null;
  running?: number | null;
  residentBytes?: number | null;
  eventStreams?: number | null;
}

interface Overview {
  now: string;
  bucketSeconds: number;
  points: Point[];
}

const hour = 3600;

/** The last hour as a row of places, oldest first; a time without a point has none. */
export function placed({ now, bucketSeconds, points }: Overview): (Point | null)[] {
  const end = Math.floor(Date.parse(now) / 1000 / bucketSeconds);
  const places: (Point | null)[] = Array.from({ length: hour / bucketSeconds }, () => null);
  for (const point of points) {
    const place = places.length - 1 - (end - Math.floor(Date.parse(point.at) / 1000 / bucketSeconds));
    if (place >= 0 && place < places.length) places[place] = point;
  }
  return places;
}

/** Requests, errors, latency, queue and memory of the last hour. */
export function OverviewSection() {
  return <Live polled={usePolled<Overview>("/overview", 5)}>{(overview) => <Plots overview={overview} />}</Live>;
}

function Plots({ overview }: { overview: Overview }) {
  const points = placed(overview);
  const from = clock(Date.parse(overview.now) - hour * 1000);
  const to = clock(overview.now);
  // Without a request there were none; of latencies and gauges nothing is known then.
  const rate = (read: (point: Point) => number) => points.map((point) => (point ? read(point) / overview.bucketSeconds : 0));
  const of = (read: (point: Point) => number | null | undefined, factor = 1) =>
    points.map((point) => {
      const value = point ? read(point) : null;
      return value === null || value === undefined ? null : value * factor;
    });
  const perSecond = (value: number) => `${count(Math.round(value * 100) / 100)}/s`;
  const mebibytes = (value: number) => `${count(Math.round(value))} MiB`;
  return (
    <div className="plots">
      <Plot title="Requests" lines={[{ name: "requests", values: rate(({ requests }) => requests) }, { name: "errors", values: rate(({ errors }) => errors) }]} unit={perSecond} from={from} to={to} />
      <Plot
        title="Latency of requests"
        lines={[
          { name: "half are faster than", values: of(({ p50 }) => p50, 1000) },
          { name: "95 of 100", values: of(({ p95 }) => p95, 1000) },
          { name: "99 of 100", values: of(({ p99 }) => p99, 1000) },
        ]}
        unit={duration}
        from={from}
        to={to}
      />
      <Plot title="Analyses" lines={[{ name: "waiting", values: of(({ queued }) => queued) }, { name: "running", values: of(({ running }) => running) }]} unit={(value) => count(value)} from={from} to={to} />
      <Plot title="Memory of the server" lines={[{ name: "resident", values: of(({ residentBytes }) => residentBytes, 1 / 1_048_576) }]} unit={mebibytes} from={from} to={to} />
      <Plot title="Open event streams" lines={[{ name: "open", values: of(({ eventStreams }) => eventStreams) }]} unit={(value) => count(value)} from={from} to={to} />
    </div>
  );
}
