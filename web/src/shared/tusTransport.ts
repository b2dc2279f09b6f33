import { deleteReception, receptionPath, receptionsPath, type Reception } from "./api/receptions";
import { after as later, type After } from "./clock";
import { address, answered, parse } from "./http";
import { problemOf } from "./problem";
import { after, atOnce, begun, delay, type TusAnswer, type TusEvent, type TusState } from "./tus";

/** Milliseconds without a byte or an answer after which a connection counts as lost: that of a laptop that was closed. */
const stalled = 60_000;

export interface TusSending {
  /** Ends it, here and on the server. */
  cancel: () => void;
  /** Doesn't wait any longer. */
  tryNow: () => void;
  /** Leaves it as it is, to be gone on with later. */
  stop: () => void;
}

export interface TusOptions {
  mediaType: string;
  archive: boolean;
  /** The id of a reception that was begun earlier with this file. */
  reception?: string | null;
  /** `sent`: bytes, with those on their way. */
  onChange: (state: TusState, sent: number) => void;
  clock?: After;
  /** 0...1. */
  random?: () => number;
}

/** Sends a file piece by piece, and goes on by itself after whatever passes by itself. */
export function sendResumably(file: File, { mediaType, archive, reception = null, onChange, clock = later, random = Math.random }: TusOptions): TusSending {
  const about = { size: file.size, archive };
  const key = uniqueKey();
  let state = begun(reception);
  /** Calls off the request or the wait that belongs to the state. */
  let callOff = () => {};

  const tell = (event: TusEvent) => {
    const next = after(state, event, about);
    if (next === state) return;
    callOff();
    const { id } = state;
    state = next;
    if (event.type === "cancel" && id !== null) void deleteReception(id).catch(() => undefined);
    perform();
    onChange(state, state.offset);
  };

  function perform(): void {
    const { now } = state;
    if (now.step === "ended") {
      callOff = () => {};
      return;
    }
    if (now.step === "waiting") {
      const online = () => tell({ type: "online" });
      const stop = clock(delay(state, random()), () => tell({ type: "elapsed" }));
      window.addEventListener("online", online);
      callOff = () => {
        stop();
        window.removeEventListener("online", online);
      };
      return;
    }
    let live = true;
    const mine = (event: TusEvent) => live && tell(event);
    let abort = () => {};
    let unwatch = () => {};
    const watch = () => {
      unwatch();
      unwatch = clock(stalled, () => mine({ type: "lost" }));
    };
    callOff = () => {
      live = false;
      unwatch();
      abort();
    };
    // `then` of a caught failure: a file that can't be read is no lost connection.
    void requestOf(state, file, mediaType, archive, key).then(
      (asked) => {
        if (!live) return;
        watch();
        const from = state.offset;
        abort = exchange(asked, {
          onProgress: (sent) => {
            if (!live) return;
            watch();
            onChange(state, from + Math.min(sent, asked.body?.byteLength ?? 0));
          },
          onAnswer: (answer) => mine({ type: "answer", answer }),
          onLost: () => mine({ type: "lost" }),
        });
      },
      () => mine({ type: "unreadable" }),
    );
  }

  perform();
  return { cancel: () => tell({ type: "cancel" }), tryNow: () => tell({ type: "try-now" }), stop: () => callOff() };
}

interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: ArrayBuffer;
}

/** The request that belongs to a step. Rejects when the file can't be read. */
async function requestOf({ now, id, offset, piece, tries, spoilt, restarted }: TusState, file: File, mediaType: string, archive: boolean, key: string): Promise<Asked> {
  const path = id === null ? receptionsPath : receptionPath(id);
  switch (now.step) {
    case "creating": {
      const metadata = Object.entries({ filename: file.name, filetype: mediaType }).map(([name, value]) => `${name} ${base64(new TextEncoder().encode(value))}`);
      const headers = {
        "Upload-Length": String(file.size),
        "Upload-Metadata": metadata.join(","),
        // A request that is repeated because its answer was lost makes nothing twice.
        "Idempotency-Key": `${key}-${Number(restarted)}`,
      };
      // Once only: a server that has made the reception already says where it is, and the file then goes on from there.
      const whole = file.size < atOnce && !archive && tries === 0 && spoilt === 0;
      return { method: "POST", path, ...(whole ? await withBody(file, headers) : { headers }) };
    }
    case "sending":
      return { method: "PATCH", path, ...(await withBody(file.slice(offset, offset + piece), { "Upload-Offset": String(offset) })) };
    case "asking":
      return { method: "HEAD", path, headers: {} };
    default:
      return { method: "GET", path, headers: { Accept: "application/json, application/problem+json" } };
  }
}

async function withBody(piece: Blob, headers: Record<string, string>): Promise<{ body: ArrayBuffer; headers: Record<string, string> }> {
  const body = await piece.arrayBuffer();
  const all: Record<string, string> = { ...headers, "Content-Type": "application/offset+octet-stream" };
  // Only a secure context has it.
  const digest = await globalThis.crypto?.subtle?.digest("SHA-256", body);
  if (digest) all["Upload-Checksum"] = `sha256 ${base64(new Uint8Array(digest))}`;
  return { body, headers: all };
}

interface Listening {
  onProgress: (sent: number) => void;
  onAnswer: (answer: TusAnswer) => void;
  onLost: () => void;
}

/** One request, by XMLHttpRequest, because `fetch` can't tell how much was sent. Returns how to break it off. */
function exchange({ method, path, headers, body }: Asked, { onProgress, onAnswer, onLost }: Listening): () => void {
  const xhr = new XMLHttpRequest();
  xhr.open(method, address(path));
  for (const [name, value] of Object.entries({ "Tus-Resumable": "1.0.0", ...headers })) xhr.setRequestHeader(name, value);
  if (body) xhr.upload.onprogress = ({ loaded }) => onProgress(loaded);
  xhr.onload = () => {
    const { status, responseText } = xhr;
    const header = (name: string) => xhr.getResponseHeader(name);
    const requestId = header("X-Request-Id");
    answered({ method, path, status, requestId });
    const problem = status >= 400 ? problemOf(status, responseText, requestId) : null;
    onAnswer({
      status,
      problem,
      id: decodeURIComponent(header("Location")?.split("/").pop() ?? "") || null,
      offset: number(header("Upload-Offset")),
      retryAfter: number(header("Retry-After")),
      reception: method === "GET" && !problem ? readable(responseText, status, requestId) : null,
    });
  };
  xhr.onerror = onLost;
  xhr.ontimeout = onLost;
  xhr.send(body);
  return () => xhr.abort();
}

function readable(body: string, status: number, requestId: string | null): Reception | null {
  try {
    return parse<Reception>(body, status, requestId);
  } catch {
    return null;
  }
}

function number(header: string | null): number | null {
  return header !== null && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function uniqueKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
