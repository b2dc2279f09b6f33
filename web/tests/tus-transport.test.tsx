import { onItsWay, problem, scripted, ScriptedClock, ScriptedXHR, settled } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TusState } from "../src/shared/tus";
import { sendResumably, type TusOptions } from "../src/shared/tusTransport";

const mebibyte = 1_048_576;
const bytes = (size: number) => Uint8Array.from({ length: size }, (_, index) => index % 251);
const location = { Location: "/api/v1/uploads/tus/r1" };

/** A file on its way, and all that is told about it. */
function sending(size: number, more: Partial<TusOptions> = {}) {
  const server = scripted().on("DELETE /uploads/tus/r1", () => ({ status: 204 }));
  const clock = new ScriptedClock();
  const told: string[] = [];
  let last: TusState | null = null;
  const file = new File([bytes(size)], "Ä film.dcm", { lastModified: 7 });
  const upload = sendResumably(file, {
    mediaType: "application/dicom", archive: false, clock: clock.after, random: () => 0,
    onChange: (state, sent) => {
      last = state;
      told.push(`${state.now.step} ${sent}`);
    },
    ...more,
  });
  return { server, clock, told, file, upload, state: () => last as TusState | null };
}

async function sha256(body: unknown): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", body as ArrayBuffer);
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

describe("Sending a file", () => {
  test("makes a reception, sends the file piece by piece with its checksums, and asks what became of it", async () => {
    const { told, state } = sending(9 * mebibyte);
    const creating = await onItsWay("POST");
    assert.equal(creating.address, "/api/v1/uploads/tus");
    assert.equal(creating.body, undefined);
    assert.deepEqual([creating.headers["Tus-Resumable"], creating.headers["Upload-Length"], creating.headers["Upload-Metadata"]], ["1.0.0", String(9 * mebibyte), "filename w4QgZmlsbS5kY20=,filetype YXBwbGljYXRpb24vZGljb20="]);
    assert.match(creating.headers["Idempotency-Key"] ?? "", /^[0-9a-f]{32}-0$/);
    await creating.answer(201, undefined, location);
    const pieces: ScriptedXHR[] = [];
    for (const end of [8 * mebibyte, 9 * mebibyte]) {
      const piece = await onItsWay("PATCH");
      pieces.push(piece);
      assert.equal(piece.address, "/api/v1/uploads/tus/r1");
      assert.equal(piece.headers["Content-Type"], "application/offset+octet-stream");
      assert.equal(piece.headers["Upload-Checksum"], `sha256 ${await sha256(piece.body)}`);
      await piece.progress(1000);
      await piece.answer(204, undefined, { "Upload-Offset": String(end) });
    }
    assert.deepEqual(pieces.map(({ headers, body }) => [headers["Upload-Offset"], (body as ArrayBuffer).byteLength]), [["0", 8 * mebibyte], [String(8 * mebibyte), mebibyte]]);
    const checking = await onItsWay("GET");
    assert.equal(checking.address, "/api/v1/uploads/tus/r1");
    await checking.answer(200, { id: "r1", state: "kept", uploads: [], refused: [] });
    assert.equal(state()?.now.step, "ended");
    assert.deepEqual(told, ["sending 0", "sending 1000", `sending ${8 * mebibyte}`, `sending ${8 * mebibyte + 1000}`, `checking ${9 * mebibyte}`, `ended ${9 * mebibyte}`]);
  });

  test("A small file goes with its creation, but an archive never does", async () => {
    sending(1000);
    const small = await onItsWay("POST");
    assert.deepEqual([(small.body as ArrayBuffer).byteLength, small.headers["Upload-Checksum"]], [1000, `sha256 ${await sha256(small.body)}`]);
    ScriptedXHR.all = [];
    sending(1000, { archive: true });
    assert.equal((await onItsWay("POST")).body, undefined);
  });

  test("Without a secure context there is no checksum, and the file goes all the same", async () => {
    const subtle = Object.getOwnPropertyDescriptor(Crypto.prototype, "subtle") as PropertyDescriptor;
    Object.defineProperty(Crypto.prototype, "subtle", { configurable: true, get: () => undefined });
    try {
      sending(1000);
      const { headers, body } = await onItsWay("POST");
      assert.deepEqual([headers["Upload-Checksum"], (body as ArrayBuffer).byteLength], [undefined, 1000]);
    } finally {
      Object.defineProperty(Crypto.prototype, "subtle", subtle);
    }
  });

  test("A request whose answer was lost is repeated under the same key but without the file, which then goes on from where it is", async () => {
    const { clock } = sending(1000);
    const first = await onItsWay("POST");
    await first.breakOff();
    await clock.pass(1000);
    const second = await onItsWay("POST", 1);
    assert.equal(second.headers["Idempotency-Key"], first.headers["Idempotency-Key"]);
    assert.equal(second.body, undefined);
    await second.answer(201, undefined, { ...location, "Upload-Offset": "0" });
    await (await onItsWay("PATCH")).answer(409, problem(409, "wrong-offset").json);
    await (await onItsWay("HEAD")).answer(200, undefined, { "Upload-Offset": "1000" });
    await onItsWay("GET");
  });

  test("A file that arrived changed with its creation is sent again on its own", async () => {
    sending(1000);
    await (await onItsWay("POST")).answer(460, problem(460, "checksum-mismatch").json);
    const again = await onItsWay("POST", 1);
    assert.equal(again.body, undefined);
    await again.answer(201, undefined, location);
    assert.equal(((await onItsWay("PATCH")).body as ArrayBuffer).byteLength, 1000);
  });
});

describe("A connection that breaks", () => {
  async function broken() {
    const all = sending(3 * mebibyte);
    await (await onItsWay("POST")).answer(201, undefined, location);
    await (await onItsWay("PATCH")).breakOff();
    return all;
  }

  test("is waited for, then the server is asked how far it is, and a smaller piece follows", async () => {
    const { clock, state } = await broken();
    assert.equal(state()?.now.step, "waiting");
    assert.deepEqual(clock.waits, [1000]);
    await clock.pass(1000);
    const asking = await onItsWay("HEAD", 2);
    assert.equal(asking.address, "/api/v1/uploads/tus/r1");
    await asking.answer(200, undefined, { "Upload-Offset": "500" });
    const piece = await onItsWay("PATCH", 3);
    assert.deepEqual([piece.headers["Upload-Offset"], state()?.piece], ["500", 4 * mebibyte]);
    assert.equal(new Uint8Array(piece.body as ArrayBuffer)[0], 500 % 251);
  });

  test("goes on at once when the browser is online again, and listens no longer then", async () => {
    const { clock, upload } = await broken();
    await settled(() => window.dispatchEvent(new Event("online")));
    await onItsWay("HEAD", 2);
    assert.deepEqual(clock.waits, [60_000]);
    await settled(() => window.dispatchEvent(new Event("online")));
    assert.equal(ScriptedXHR.all.length, 3);
    upload.stop();
  });

  test("goes on at once when a person says so", async () => {
    const { upload } = await broken();
    upload.tryNow();
    await onItsWay("HEAD", 2);
  });

  test("that stands still for a minute, as after a closed laptop, counts as lost; one that moves doesn't", async () => {
    const { clock, state } = sending(3 * mebibyte);
    await (await onItsWay("POST")).answer(201, undefined, location);
    const piece = await onItsWay("PATCH");
    await clock.pass(59_000);
    await piece.progress(10);
    await clock.pass(59_000);
    assert.equal(state()?.now.step, "sending");
    await clock.pass(1000);
    assert.equal(state()?.now.step, "waiting");
    assert.equal(piece.aborted, true);
  });

  test("An answer of a request that was broken off changes nothing", async () => {
    const { state, clock } = await broken();
    const [, piece] = ScriptedXHR.all;
    await piece?.answer(204, undefined, { "Upload-Offset": "70" });
    assert.deepEqual([state()?.now.step, clock.waits.length], ["waiting", 1]);
  });
});

describe("A server that", () => {
  test("asks to wait is obeyed", async () => {
    const { clock } = sending(1000);
    await (await onItsWay("POST")).answer(503, problem(503, "engine-unavailable").json, { "Retry-After": "17" });
    assert.deepEqual(clock.waits, [17_000]);
    await clock.pass(17_000);
    await onItsWay("POST", 1);
  });

  test("still reads is asked each second", async () => {
    const { clock, state } = sending(1000, { reception: "r1" });
    await (await onItsWay("HEAD")).answer(200, undefined, { "Upload-Offset": "1000" });
    await (await onItsWay("GET")).answer(200, { id: "r1", state: "checking", uploads: [], refused: [] });
    assert.deepEqual(clock.waits, [1000]);
    await clock.pass(1000);
    await (await onItsWay("GET", 2)).answer(200, { id: "r1", state: "kept", uploads: [], refused: [] });
    assert.equal(state()?.now.step, "ended");
  });

  test("has lost the beginning gets all of it once more, under another key", async () => {
    const { state } = sending(3 * mebibyte);
    const first = await onItsWay("POST");
    await first.answer(201, undefined, location);
    await (await onItsWay("PATCH")).answer(410, problem(410, "not-found").json);
    await (await onItsWay("GET")).answer(410, problem(410, "not-found").json);
    const anew = await onItsWay("POST", 3);
    assert.equal(anew.headers["Idempotency-Key"], (first.headers["Idempotency-Key"] ?? "").replace(/-0$/, "-1"));
    assert.equal(state()?.restarted, true);
  });

  test("answers what isn't JSON is not believed", async () => {
    const { state } = sending(1000, { reception: "r1" });
    await (await onItsWay("HEAD")).answer(200, undefined, { "Upload-Offset": "1000" });
    const checking = await onItsWay("GET");
    checking.status = 200;
    checking.responseText = "<html>";
    await settled(() => checking.onload?.());
    assert.equal(state()?.now.step, "ended");
  });
});

describe("A person who", () => {
  test("cancels ends it on the server too", async () => {
    const { server, upload, state, clock } = sending(3 * mebibyte);
    await (await onItsWay("POST")).answer(201, undefined, location);
    const piece = await onItsWay("PATCH");
    await settled(() => upload.cancel());
    assert.equal(piece.aborted, true);
    assert.equal(server.bodies("DELETE /uploads/tus/r1").length, 1);
    assert.deepEqual([state()?.now, clock.waits], [{ step: "ended", outcome: { kind: "cancelled" } }, []]);
  });

  test("leaves the page leaves it on the server, to be gone on with", async () => {
    const { server, upload, clock } = sending(3 * mebibyte);
    await (await onItsWay("POST")).answer(201, undefined, location);
    const piece = await onItsWay("PATCH");
    await settled(() => upload.stop());
    assert.deepEqual([piece.aborted, clock.waits, server.bodies("DELETE /uploads/tus/r1").length], [true, [], 0]);
  });

  test("moves the file away while it is sent is told so", async () => {
    const { file, state } = sending(3 * mebibyte);
    Object.assign(file, { slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }) });
    await (await onItsWay("POST")).answer(201, undefined, location);
    await settled();
    const now = state()?.now;
    assert(now?.step === "ended" && now.outcome.kind === "failed");
    assert.match(now.outcome.problem.sentence, /can't be read any more/);
  });
});
