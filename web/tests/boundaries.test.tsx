import { type Answer, all, alerts, control, press, problem, scripted, settled, show, text, until, whileSilent } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { useState } from "react";
import { frames, masked, reportClientError } from "../src/shared/api/clientErrors";
import { request } from "../src/shared/http";
import { lazily } from "../src/shared/lazily";
import { Problem } from "../src/shared/problem";
import { Dialog } from "../src/shared/ui/Dialog";
import { ErrorBoundary } from "../src/shared/ui/ErrorBoundary";
import { Loading, Notice, ProblemNotice } from "../src/shared/ui/Notice";
import { Loaded, PageTitle, Pane } from "../src/shared/ui/Pane";
import { useAction } from "../src/shared/useAction";
import { useResource } from "../src/shared/useResource";

let broken = true;
function Fragile() {
  if (broken) throw new Error("a broken thing");
  return <p>It works.</p>;
}

function Counter() {
  const [count, setCount] = useState(0);
  return <button onClick={() => setCount(count + 1)}>{`Pressed ${count}`}</button>;
}

describe("A part that breaks", () => {
  test("leaves the rest usable, tells the server with the request's id, and can be tried again", async () => {
    broken = true;
    const server = scripted().on("GET /x", () => ({})).on("POST /client-errors", () => ({ status: 204 }));
    await request("GET", "/x");
    await whileSilent(() =>
      show(
        <>
          <Pane title="Fragile">
            <Fragile />
          </Pane>
          <Counter />
        </>,
        "/analyses/0198-abc",
      ),
    );
    assert.match(alerts(), /This part stopped working: Fragile/);
    assert.match(alerts(), /Reference: r1/);
    await press("Pressed 0");
    assert(control("Pressed 1"));
    const [report] = server.bodies("POST /client-errors") as { name: string; message: string; component: string; requestId: string; path: string; stack: string }[];
    assert(report);
    assert.deepEqual([report.name, report.message, report.component, report.requestId, report.path], ["Error", "a broken thing", "part", "r1", "/analyses/:id"]);
    assert.match(report.stack, /at Fragile/);
    assert.doesNotMatch(report.stack, /a broken thing/);
    broken = false;
    await press("Try again");
    assert.match(text(), /It works\./);
  });

  test("is the whole app only when the app itself breaks", async () => {
    broken = true;
    scripted().on("POST /client-errors", () => ({ status: 204 }));
    await whileSilent(() =>
      show(
        <ErrorBoundary name="Lightbox" wholeApp>
          <Fragile />
        </ErrorBoundary>,
      ),
    );
    assert.equal(text(document.querySelector("h1") as Element), "Lightbox stopped working");
    assert(control("Load the page again"));
  });

  test("makes no second error when the report can't be sent", async () => {
    const server = scripted().on("POST /client-errors", () => ({ broken: true }));
    reportClientError("only a text", "promise");
    await settled();
    assert.equal((server.bodies("POST /client-errors")[0] as { message: string }).message, "only a text");
  });

  test("says nothing that a person may have typed", () => {
    assert.equal(masked(`"Anna Muster" isn't a number: 'cough since May' at 1987-03-02, “Husten”`), "… isn't a number: … at #-#-#, …");
    assert.equal(frames("Error: Anna Muster\n    at read (https://host/assets/main-AB.js:1:2)\nAnna\nread@https://host/assets/main-AB.js:1:2"), "    at read (https://host/assets/main-AB.js:1:2)\nread@https://host/assets/main-AB.js:1:2");
  });
});

describe("Too many requests", () => {
  test("A read is asked again after the time that the server names, a change is not", async () => {
    const refused: Answer = { ...problem(429, "too-many-requests"), headers: { "Retry-After": "0.01" } };
    let asked = 0;
    const server = scripted().on("GET /x", () => (++asked === 1 ? refused : { fine: true })).on("POST /x", () => refused);
    assert.deepEqual(await request("GET", "/x"), { fine: true });
    await assert.rejects(request("POST", "/x"), (error: Error) => error instanceof Problem && error.code === "too-many-requests" && error.passes);
    assert.deepEqual([server.bodies("GET /x").length, server.bodies("POST /x").length], [2, 1]);
  });

  test("A read that is given up isn't asked again", async () => {
    const refused: Answer = { ...problem(429, "too-many-requests"), headers: { "Retry-After": "19" } };
    scripted().on("GET /x", () => refused);
    const abort = new AbortController();
    const asking = request("GET", "/x", { signal: abort.signal });
    await settled();
    abort.abort();
    await assert.rejects(asking, (error: Error) => error.name === "AbortError");
  });
});

describe("A problem on the page", () => {
  test("has its sentence, its details, its reference, and a way to try again", async () => {
    scripted();
    let tries = 0;
    await show(<ProblemNotice problem={new Problem("storage-full", "No room.", 507, "r9")} title="It failed" retry={() => (tries += 1)} />);
    assert.match(alerts(), /It failed.*storage is full.*No room\. storage-full.*Reference: r9/);
    await press("Try again");
    assert.equal(tries, 1);
  });

  test("A notice says its title, and a loading part is announced", async () => {
    scripted();
    await show(
      <>
        <Notice tone="good" title="Done" role="status">
          All well.
        </Notice>
        <Loading />
      </>,
    );
    assert.deepEqual(all("[role=status]").map((element) => text(element)), ["DoneAll well.", "Loading…"]);
  });
});

function Reading({ name }: { name: string | null }) {
  const resource = useResource(name, () => request<{ value: string }>("GET", `/${name}`));
  return <Loaded resource={resource}>{({ value }) => <p>{value}</p>}</Loaded>;
}

describe("Something that is read", () => {
  test("is loading, then there", async () => {
    scripted().on("GET /a", () => ({ value: "the value" }));
    await show(<Reading name={null} />);
    assert.equal(text(), "Loading…");
    await show(<Reading name="a" />);
    await until(() => text().includes("the value"));
  });

  test("says why it isn't there, and is asked for again", async () => {
    let works = false;
    scripted().on("GET /a", () => (works ? { value: "the value" } : problem(503, "storage-busy")));
    await show(<Reading name="a" />);
    await until(() => alerts().includes("The storage is busy"));
    works = true;
    await press("Try again");
    await until(() => text().includes("the value"));
  });

  test("A lost connection is told as one", async () => {
    scripted().on("GET /a", () => ({ broken: true }));
    await show(<Reading name="a" />);
    await until(() => alerts().includes("The server can't be reached"));
  });
});

describe("A part whose script is loaded late", () => {
  const Word = ({ word }: { word: string }) => <p>{word}</p>;

  test("is loaded when it is shown, once", async () => {
    scripted();
    let loads = 0;
    const late = lazily(async () => ((loads += 1), Word));
    await show(<late.Part word="here" />);
    await until(() => text() === "here");
    await show(<late.Part key="again" word="at once" />);
    assert.deepEqual([text(), loads], ["at once", 1]);
  });

  test("that was loaded ahead is there at once", async () => {
    scripted();
    const late = lazily(async () => Word);
    late.ahead();
    await settled();
    await show(<late.Part word="at once" />);
    assert.equal(text(), "at once");
  });

  test("says that the server can't be reached, and is tried again", async () => {
    scripted();
    let works = false;
    const late = lazily(() => (works ? Promise.resolve(Word) : Promise.reject(new TypeError("no script"))));
    late.ahead();
    await show(<late.Part word="here" />);
    await until(() => alerts().includes("The server can't be reached"));
    works = true;
    await press("Try again");
    await until(() => text() === "here");
  });
});

function Acting({ act }: { act: () => Promise<void> }) {
  const action = useAction(act);
  return (
    <>
      <button onClick={() => void action.run()}>{action.busy ? "Busy" : "Act"}</button>
      {action.problem && <p role="alert">{action.problem.sentence}</p>}
    </>
  );
}

test("A second press while something runs does nothing, and its problem is shown", async () => {
  scripted();
  let calls = 0;
  let end: (error: Error) => void = () => undefined;
  await show(
    <Acting
      act={() => {
        calls += 1;
        return new Promise((_, reject) => (end = reject));
      }}
    />,
  );
  await press("Act");
  await press("Busy");
  assert.equal(calls, 1);
  await settled(() => end(new Problem("queue-full")));
  assert.match(alerts(), /Too many analyses are waiting/);
  assert(control("Act"));
});

describe("A dialog", () => {
  test("is named, and Escape is the choice that changes nothing", async () => {
    scripted();
    let closed = 0;
    await show(
      <Dialog title="Really?" role="alertdialog" onClose={() => (closed += 1)}>
        <button>No</button>
      </Dialog>,
    );
    const dialog = document.querySelector("dialog") as HTMLDialogElement;
    assert.equal(dialog.getAttribute("role"), "alertdialog");
    assert.equal(document.getElementById(dialog.getAttribute("aria-labelledby") ?? "")?.textContent, "Really?");
    const escape = new Event("cancel", { cancelable: true });
    await settled(() => dialog.dispatchEvent(escape));
    assert.deepEqual([closed, escape.defaultPrevented], [1, true]);
  });
});

test("A page's heading can take the focus", async () => {
  scripted();
  await show(<PageTitle lead="The lead.">The title</PageTitle>);
  assert.equal(document.querySelector("h1")?.getAttribute("tabindex"), "-1");
  assert.equal(text(), "The titleThe lead.");
});
