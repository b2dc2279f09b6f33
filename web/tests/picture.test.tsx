import { alerts, all, control, hasControl, limits, now, one, onItsWay, press, problem, samples, scripted, ScriptedClock, ScriptedXHR, settled, show, showInside, text, type, until } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BurnedIn } from "../src/features/picture/BurnedIn";
import { Downloads } from "../src/features/picture/Downloads";
import { EarlierPictures } from "../src/features/picture/EarlierPictures";
import { FileFault, LocalPreview } from "../src/features/picture/LocalPreview";
import { Chooser, PicturePage } from "../src/features/picture/PicturePage";
import { DropZone } from "../src/features/picture/DropZone";
import { ReceivedPage } from "../src/features/picture/ReceivedPage";
import { Recognised } from "../src/features/picture/Recognised";
import { Samples } from "../src/features/picture/Samples";
import { UploadProgress } from "../src/features/picture/UploadProgress";
import type { Upload } from "../src/shared/api/uploads";

const upload: Upload = {
  id: "u1", fileName: "film.dcm", sha256: "abc123", bytes: 677_000, format: "dicom", width: 1841, height: 1955, bitsPerSample: 15, frames: 1,
  capturedView: "PA", dicom: { patientName: "Doe^J", studyDate: "20040826", modality: "CR" }, createdAt: now, preview: "/api/v1/uploads/u1/preview",
};

const file = (name = "film.dcm", type = "", size = 100) => new File([new Uint8Array(size)], name, { type });

/** Gives files to the file input, as a person's choice does. */
function choose(...files: File[]): Promise<void> {
  const input = one<HTMLInputElement>("input[type=file]");
  return settled(() => {
    Object.defineProperty(input, "files", { value: files, configurable: true });
    Object.defineProperty(input, "value", { value: "", writable: true, configurable: true });
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function hand(kind: "drop" | "paste", target: EventTarget, files: File[]): Promise<void> {
  const event = new Event(kind, { bubbles: true, cancelable: true });
  Object.assign(event, { [kind === "drop" ? "dataTransfer" : "clipboardData"]: { files } });
  return settled(() => target.dispatchEvent(event));
}

async function chooser(): Promise<Upload[]> {
  scripted();
  const received: Upload[] = [];
  await show(<Chooser limits={limits} session="s1" onReceived={(one) => received.push(one)} />);
  return received;
}

/** Gives a file and waits until it is shown. */
async function chosen(...files: File[]): Promise<void> {
  await choose(...files);
  await until(() => hasControl("Upload this picture") && control("Upload this picture").getAttribute("aria-disabled") === "false");
}

/** The server takes a small file and keeps it. */
async function keep(received: Upload = upload): Promise<void> {
  const sending = await onItsWay("POST");
  await sending.answer(201, undefined, { Location: "/api/v1/uploads/tus/r1", "Upload-Offset": sending.body ? "100" : "0" });
  if (!sending.body) await (await onItsWay("PATCH")).answer(204, undefined, { "Upload-Offset": "100" });
  await (await onItsWay("GET")).answer(200, { id: "r1", state: "kept", uploads: [received], refused: [] });
}

describe("Choosing a picture", () => {
  test("shows it before anything is sent, and sends it when told to", async () => {
    const received = await chooser();
    await chosen(file());
    assert.equal(text(document.activeElement as Element), "Your picture, before it is sent");
    assert.match(text(), /You will see it once the server has read it/);
    assert.equal(ScriptedXHR.all.length, 0);
    await press("Upload this picture");
    const { address, headers } = await onItsWay("POST");
    assert.deepEqual([address, headers["Upload-Length"], headers["Upload-Metadata"]], ["/api/v1/uploads/tus", "100", "filename ZmlsbS5kY20=,filetype YXBwbGljYXRpb24vZGljb20="]);
    await keep();
    assert.deepEqual(received, [upload]);
  });

  test("The progress is that of the bytes that were sent", async () => {
    await chooser();
    await chosen(file());
    await press("Upload this picture");
    const sending = await onItsWay("POST");
    await sending.progress(25);
    const bar = one<HTMLProgressElement>("progress");
    assert.deepEqual([bar.value, bar.max], [25, 100]);
    await sending.progress(120);
    assert.match(text(), /Sent\. The server is reading the picture/);
  });

  test("can be cancelled, and then sent again", async () => {
    const received = await chooser();
    await chosen(file());
    await press("Upload this picture");
    const sending = await onItsWay("POST");
    await press("Cancel the upload");
    assert.equal(sending.aborted, true);
    assert.match(text(), /The upload was cancelled\. Nothing was kept\./);
    await press("Send it again");
    await keep();
    assert.equal(received.length, 1);
  });

  test("A connection that breaks is told, and it goes on by itself or when told to", async () => {
    const received = await chooser();
    await chosen(file());
    await press("Upload this picture");
    await (await onItsWay("POST")).breakOff();
    assert.match(text(one("[role=status]")), /Connection lost\. It goes on by itself\./);
    await settled(() => window.dispatchEvent(new Event("online")));
    await (await onItsWay("POST", 1)).breakOff();
    await press("Try now");
    await keep();
    assert.equal(received.length, 1);
  });

  test("A server that is busy is told so", async () => {
    await chooser();
    await chosen(file());
    await press("Upload this picture");
    await (await onItsWay("POST")).answer(503, problem(503, "storage-busy").json, { "Retry-After": "5" });
    assert.match(text(one("[role=status]")), /The server is busy\. It goes on by itself\./);
    await press("Cancel the upload");
  });

  test("What the server refuses is told in words, with the reference", async () => {
    await chooser();
    await chosen(file());
    await press("Upload this picture");
    await (await onItsWay("POST")).answer(422, problem(422, "no-pixels").json);
    assert.match(alerts(), /The file has no picture in it.*Reference: req42/);
    assert.equal(hasControl("Send it again"), false);
    await press("Choose another picture");
    assert(one("input[type=file]"));
  });

  test("A file that is gone is told so", async () => {
    await chooser();
    const given = file();
    await chosen(given);
    Object.assign(given, { arrayBuffer: () => Promise.reject(new Error("gone")) });
    await press("Upload this picture");
    await until(() => /can't be read any more/.test(alerts()));
    assert.equal(ScriptedXHR.all.length, 0);
  });

  test("What can't be a picture isn't even tried", async () => {
    await chooser();
    for (const [given, words] of [[file("a.png", "image/png", 0), /is empty/], [file("a.pdf", "application/pdf"), /A PDF is a document/], [file("a.mp4", "video/mp4"), /can't be read here/]] as const) {
      await choose(given);
      await until(() => words.test(alerts()), String(words));
      assert.equal(hasControl("Upload this picture"), false);
    }
  });

  test("works by dropping and by pasting too, but not while a text is edited", async () => {
    scripted();
    const got: string[] = [];
    await show(
      <>
        <textarea />
        <DropZone limits={limits} onFiles={({ files }) => got.push(files.map(({ name }) => name).join())} onNothingPasted={() => got.push("nothing")} />
      </>,
    );
    await settled(() => one(".drop").dispatchEvent(new Event("dragenter", { bubbles: true, cancelable: true })));
    assert.match(text(), /Let go to choose this picture/);
    await hand("drop", one(".drop"), [file("dropped.dcm")]);
    await hand("paste", document.body, [file("pasted.png", "image/png")]);
    await hand("paste", document.body, []);
    await hand("paste", one("textarea"), [file("typed.png", "image/png")]);
    assert.deepEqual(got, ["dropped.dcm", "pasted.png", "nothing"]);
    assert.match(text(), /Drop the picture here/);
  });

  test("A file that misses the zone doesn't replace the page", async () => {
    await chooser();
    const event = new Event("drop", { bubbles: true, cancelable: true });
    await settled(() => document.body.dispatchEvent(event));
    assert.equal(event.defaultPrevented, true);
  });

  test("says that there was nothing to paste", async () => {
    await chooser();
    await hand("paste", document.body, []);
    assert.match(text(), /There is no picture to paste/);
  });
});

describe("The picture on this device", () => {
  const preview = async (given: File) => {
    scripted();
    const checked: (string | null)[] = [];
    await show(<LocalPreview file={given} limits={limits} onChecked={(fault) => checked.push(fault)} />);
    return checked;
  };
  const loaded = (width: number, height: number) =>
    settled(() => {
      const image = one<HTMLImageElement>("img");
      Object.defineProperties(image, { naturalWidth: { value: width }, naturalHeight: { value: height } });
      image.dispatchEvent(new Event("load"));
    });

  test("is shown with its size where the browser can", async () => {
    const checked = await preview(file("a.png", "image/png"));
    assert.equal(one("img").getAttribute("alt"), "Preview of a.png");
    await loaded(800, 600);
    assert.match(text(), /800 × 600 pixels/);
    assert.deepEqual(checked, [null]);
  });

  test("with too few pixels is refused here already", async () => {
    const checked = await preview(file("a.png", "image/png"));
    await loaded(10, 10);
    assert.match(checked[0] ?? "", /only 10 × 10/);
  });

  test("that the browser can't read is left to the server", async () => {
    const checked = await preview(file("a.png", "image/png"));
    await settled(() => one("img").dispatchEvent(new Event("error")));
    assert.match(text(), /It may be damaged/);
    assert.deepEqual(checked, [null]);
  });

  test("A fault is an alert", async () => {
    scripted();
    await show(<FileFault fault={{ text: "Too large." }} />);
    assert.equal(alerts(), "Too large.");
  });
});

test("How much was sent is told to screen readers in quarters", async () => {
  scripted();
  await show(<UploadProgress fileName="a" sent={30} total={100} onTryNow={() => undefined} onCancel={() => undefined} />);
  assert.equal(text(one("[role=status]")), "25 %");
});

describe("Samples", () => {
  test("come with their origin, and are taken with one press", async () => {
    const server = scripted().on("GET /samples", () => samples).on("POST /uploads", () => ({ status: 201, json: upload }));
    const received: Upload[] = [];
    await show(<Samples onReceived={(one) => received.push(one)} />);
    await until(() => text().includes("pydicom-data. MIT"));
    await press("Use this sample: A chest film");
    await until(() => received.length === 1);
    assert.deepEqual(server.bodies("POST /uploads"), [{ sampleId: "film" }]);
  });

  test("that are missing or can't be had are told so", async () => {
    const server = scripted().on("GET /samples", () => []);
    await show(<Samples onReceived={() => undefined} />);
    await until(() => text().includes("This server has no sample pictures."));
    server.on("GET /samples", () => samples).on("POST /uploads", () => problem(503, "engine-unavailable"));
    await show(<Samples key="again" onReceived={() => undefined} />);
    await until(() => hasControl("Use this sample: A chest film"));
    await press("Use this sample: A chest film");
    await until(() => alerts().includes("isn't ready"));
  });
});

describe("Pictures of this session", () => {
  test("are listed, the newest first", async () => {
    scripted().on("GET /uploads", () => ({ uploads: [upload, { ...upload, id: "u2", fileName: "newer.png", createdAt: "2026-11-23T11:00:00Z" }] }));
    await show(<EarlierPictures />);
    await until(() => hasControl("Open film.dcm"));
    assert.deepEqual(all("a").map((link) => link.getAttribute("href")), ["/picture/u2", "/picture/u1"]);
  });

  test("may be none", async () => {
    scripted().on("GET /uploads", () => ({ uploads: [] }));
    await show(<EarlierPictures />);
    await until(() => text().includes("No picture has been uploaded yet."));
  });
});

test("The picture's page has all three ways to a picture", async () => {
  scripted().on("GET /samples", () => samples).on("GET /uploads", () => ({ uploads: [upload] }));
  await showInside(<PicturePage session="s1" hasPictures onReceived={() => undefined} onKept={() => undefined} />, "/picture");
  await until(() => hasControl("Open film.dcm") && hasControl("Use this sample: A chest film"));
  assert(one("input[type=file]"));
});

describe("A picture that the server has read", () => {
  const received = async () => {
    const server = scripted().on("GET /uploads/u1", () => upload).on("GET /analyses", () => ({ analyses: [] }));
    await show(<ReceivedPage uploadId="u1" onChanged={() => undefined} />, "/picture/u1");
    await until(() => hasControl("Analyse this picture"));
    return server;
  };

  test("is shown with what was recognised in it", async () => {
    await received();
    assert.equal(one("img").getAttribute("src"), `${upload.preview}?width=1600`);
    for (const part of ["film.dcm", "DICOM", "1,841 × 1,955", "15 bits a pixel", "677 kB", "From the back (PA)", "Doe^J", "2004-08-26", "abc123"]) {
      assert(text().includes(part), part);
    }
    await settled(() => one("img").dispatchEvent(new Event("error")));
    assert.match(alerts(), /The picture can't be shown/);
  });

  test("is analysed when told to", async () => {
    const server = await received();
    server.on("POST /analyses", () => ({ status: 202, json: { id: "a1" } }));
    await press("Analyse this picture");
    assert.equal(window.location.pathname, "/analyses/a1");
    assert.deepEqual(server.bodies("POST /analyses"), [{ uploadId: "u1" }]);
  });

  test("stays when the queue is full, and says so", async () => {
    const server = await received();
    server.on("POST /analyses", () => problem(503, "queue-full"));
    await press("Analyse this picture");
    assert.match(alerts(), /Too many analyses are waiting now\. Your picture is kept/);
  });

  test("can be removed", async () => {
    const server = await received();
    server.on("DELETE /uploads/u1", () => ({ status: 204 }));
    await press("Remove this picture");
    assert.equal(window.location.pathname, "/picture");
  });

  test("A side view is named before it is analysed, and earlier analyses are listed", async () => {
    scripted()
      .on("GET /uploads/u1", () => ({ ...upload, capturedView: "LL" }))
      .on("GET /analyses", () => ({ analyses: [{ id: "a1", uploadId: "u1", state: "refused", createdAt: now }, { id: "a2", uploadId: "u9", state: "failed", createdAt: now }] }));
    await show(<ReceivedPage uploadId="u1" onChanged={() => undefined} />);
    await until(() => text().includes("Analysis of"));
    assert.match(text(), /this is a side view/);
    assert.deepEqual(all("a[href^='/analyses']").map((link) => link.getAttribute("href")), ["/analyses/a1"]);
  });

  test("that isn't in this session isn't shown", async () => {
    scripted().on("GET /uploads/u1", () => problem(404, "not-found"));
    await show(<ReceivedPage uploadId="u1" onChanged={() => undefined} />);
    await until(() => alerts().includes("it doesn't belong to your session"));
  });

  test("of several frames: one is chosen, seen and analysed", async () => {
    const server = scripted().on("GET /uploads/u1", () => ({ ...upload, frames: 12 })).on("GET /analyses", () => ({ analyses: [] })).on("POST /analyses", () => ({ status: 202, json: { id: "a1" } }));
    await show(<ReceivedPage uploadId="u1" onChanged={() => undefined} />, "/picture/u1");
    await until(() => hasControl("Analyse this frame"));
    await until(() => document.querySelector("input[type=range][max='12']") !== null);
    const slider = one("input[type=range][max='12']") as HTMLInputElement;
    assert.deepEqual([slider.min, slider.value, slider.getAttribute("aria-valuetext")], ["1", "1", "Picture 1 of 12"]);
    await type(slider, "5");
    assert.equal(one(".film-preview").getAttribute("src"), "/api/v1/uploads/u1/preview?width=1600&frame=4");
    await press("Analyse this frame");
    assert.deepEqual(server.bodies("POST /analyses"), [{ uploadId: "u1", frame: 4 }]);
  });

  test("Letters in it are looked for until that is known, and told; what was read is shown on request only", async () => {
    const line = { text: "DOE JANE 1968", confidence: 0.9, x: 0.1, y: 0.1, width: 0.2, height: 0.05 };
    const answers: Upload["burnedInText"][] = [{ state: "pending", lines: [], sideMarkers: [] }, { state: "pending", lines: [], sideMarkers: [] }, { state: "found", lines: [line], sideMarkers: [{ ...line, text: "L", x: 0.85, width: 0.05 }, { ...line, text: "R" }] }];
    scripted().on("GET /uploads/u1", () => ({ ...upload, burnedInText: answers.shift() })).on("GET /analyses", () => ({ analyses: [] }));
    const clock = new ScriptedClock();
    await show(<ReceivedPage uploadId="u1" onChanged={() => undefined} clock={clock.after} />, "/picture/u1");
    await until(() => text().includes("Letters in the picturebeing looked for…"));
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual(clock.waits, [2000]);
      await clock.pass(2000);
    }
    assert.deepEqual(clock.waits, []);
    assert.match(text(), /Letters are written into this picture.*They can name a person/);
    assert.match(text(), /Side markersL, in the right half; R, in the left half/);
    assert.doesNotMatch(text(), /DOE/);
    await settled(() => {
      const details = all<HTMLDetailsElement>("details").find((element) => text(element).startsWith("Show the one line")) as HTMLDetailsElement;
      details.open = true;
      details.dispatchEvent(new Event("toggle"));
    });
    await until(() => text().includes("DOE JANE 1968"));
  });

  for (const [state, told] of [["none", "none found"], ["unknown", "could not be looked for"]] as const) {
    test(`Letters in it: ${told}`, async () => {
      scripted();
      await show(<Recognised upload={{ ...upload, burnedInText: { state, lines: [], sideMarkers: [] } }} />);
      assert(text().includes(`Letters in the picture${told}`));
      await show(<BurnedIn found={{ state, lines: [], sideMarkers: [] }} reload={() => assert.fail("nothing to ask")} clock={() => assert.fail("nothing to wait for")} />);
      assert.equal(text(), "");
    });
  }

  test("Letters that could not be made out are told so", async () => {
    scripted();
    const line = { confidence: 0.1, x: 0, y: 0, width: 1, height: 1 };
    await show(<BurnedIn found={{ state: "found", lines: [line, line], sideMarkers: [] }} reload={() => undefined} />);
    await settled(() => {
      one<HTMLDetailsElement>("details").open = true;
      one("details").dispatchEvent(new Event("toggle"));
    });
    await until(() => /Show the 2 lines that were read.*It could not be made out\./.test(text()));
  });

  test("can be downloaded as it was, and as DICOM without what identifies a person", async () => {
    const kept = { ...upload, file: "/api/v1/uploads/u1/file", deidentified: "/api/v1/uploads/u1/deidentified" };
    scripted().on("GET /uploads/u1/deidentified/removed", () => ({ removed: [{ tag: "(0010,0010)", name: "PatientName", action: "emptied" }] }));
    await show(<Downloads upload={{ ...kept, deidentified: null }} />);
    assert.deepEqual(all("a").map((link) => [text(link), link.getAttribute("href"), link.hasAttribute("download")]), [["The file as it was received", "/api/v1/uploads/u1/file", true]]);
    await show(<Downloads upload={kept} />);
    assert.equal(control("Without name and other identifying data").getAttribute("href"), "/api/v1/uploads/u1/deidentified");
    await settled(() => {
      one<HTMLDetailsElement>("details").open = true;
      one("details").dispatchEvent(new Event("toggle"));
    });
    await until(() => text().includes("(0010,0010) PatientName: emptied"));
    assert.match(text(), /Letters in the pixels stay/);
  });

  test("What isn't DICOM has no person in it", async () => {
    scripted();
    await show(<Recognised upload={{ ...upload, dicom: null, capturedView: null, frames: 3 }} />);
    assert.doesNotMatch(text(), /about the person/);
    assert.match(text(), /Pictures in the file3/);
    assert.match(text(), /The file doesn't say/);
  });
});

