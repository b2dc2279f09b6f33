import { acuity, alerts, all, click, control, field, hasControl, limits, one, press, questionnaire, result, ScriptedClock, scripted, session, settled, show, showInside, text, type, until } from "./harness";
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { AssistantStep } from "../src/app/AssistantStep";
import { Pages } from "../src/app/Pages";
import { AnswerItem } from "../src/features/assistant/AnswerItem";
import { AssistantPage } from "../src/features/assistant/AssistantPage";
import { Chat } from "../src/features/assistant/Chat";
import { heard, isEmergency } from "../src/features/assistant/chatState";
import { Citation, Footnotes } from "../src/features/assistant/Citation";
import { Composer } from "../src/features/assistant/Composer";
import { ConversationHead } from "../src/features/assistant/ConversationHead";
import { ConversationList } from "../src/features/assistant/ConversationList";
import { ConversationPane } from "../src/features/assistant/ConversationPane";
import { drafts } from "../src/shared/drafts";
import { footnotesOf, openable, placeOf, plainText } from "../src/features/assistant/evidence";
import { QuestionField } from "../src/features/assistant/QuestionField";
import { QuestionItem } from "../src/features/assistant/QuestionItem";
import { RichText } from "../src/features/assistant/RichText";
import { shownText } from "../src/shared/shownText";
import { Sentences } from "../src/features/assistant/Sentences";
import { SpeakerName } from "../src/features/assistant/SpeakerName";
import { StartPane } from "../src/features/assistant/StartPane";
import { Suggestions } from "../src/features/assistant/Suggestions";
import type { Answer, Conversation, Evidence, Message, Sentence } from "../src/shared/api/assistant";
import { eventReader, readEvents, type ServerEvent } from "../src/shared/eventStream";
import { isAbort } from "../src/shared/http";
import { makeAssistant, makeGate, serveAssistant, type Gate, type ServedAssistant } from "./mock-assistant.mjs";

const realFetch = globalThis.fetch;
let served: ServedAssistant | null = null;
let gate: Gate = makeGate();
/** Requests that don't get through: their method and the end of their path. */
let cut: string[] = [];

afterEach(() => {
  gate.open();
  served?.close();
  served = null;
  cut = [];
  window.print = () => undefined;
});

/** A real server with an assistant whose events wait at the gate, and a page that asks it. */
async function serve(others: Record<string, () => unknown> = {}, speaker?: { kind: "model"; name: string }): Promise<ServedAssistant> {
  scripted();
  drafts.forgetAll();
  gate = makeGate();
  const analyses = [{ id: "a2", state: "completed", createdAt: "2026-11-28T09:00:00Z" }, { id: "a1", state: "completed", createdAt: "2026-11-27T09:00:00Z" }];
  const usual = { "GET /session": () => session, "GET /acuity": () => acuity(), "GET /limits": () => limits, "GET /intake/questionnaire": () => questionnaire, "GET /analyses": () => ({ analyses }) };
  served = await serveAssistant(makeAssistant({ pace: () => gate.pace(), ...(speaker ? { speaker } : {}) }), { ...usual, ...others });
  const { origin } = served;
  globalThis.fetch = ((address: string, init: RequestInit) => {
    if (cut.some((one) => `${init.method} ${address}`.endsWith(one))) return Promise.reject(new TypeError("fetch failed"));
    return realFetch(origin + address, init);
  }) as typeof fetch;
  return served;
}

/** The page of the assistant, open at a new conversation. */
async function start(): Promise<void> {
  await showInside(<Pages />, "/assistant");
  await until(() => hasControl("Ask"));
}

const ask = async (question: string) => {
  await until(() => document.getElementById("assistant-question"), "there is a field");
  await type(one<HTMLTextAreaElement>("#assistant-question"), question);
  await press("Ask");
};
const sentences = () => all(".answer-text .sentence").length;
const questions = () => all(".question-text").map((element) => text(element));
const settledAnswer = () => until(() => all(".answer .actions").length > 0 && !hasControl("Stop"), "the answer is there");
const next = async (many: number) => {
  for (let step = 0; step < many; step += 1) {
    await until(() => gate.waits() > 0, "an event waits");
    await settled(() => gate.next());
  }
};
const key = (element: HTMLElement, name: string, more: KeyboardEventInit = {}) =>
  settled(() => element.dispatchEvent(new window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more })));
const posted = (server: ServedAssistant) => server.asked.filter(({ key: asked }) => asked.startsWith("POST") && asked.endsWith("/messages"));

describe("A question", () => {
  test("begins a conversation, is answered sentence by sentence, and each sentence says what it rests on", async () => {
    const server = await serve();
    await start();
    assert.match(text(), /This is software, not a clinician/);
    assert(control("In an emergency: call 112"));
    await until(() => text().includes("Who answers now: Prepared answers of this program"));
    await ask("What did the picture show?");
    await until(() => hasControl("Stop"));
    assert.match(window.location.pathname, /^\/assistant\/conversation-\d+$/);
    assert.deepEqual(questions(), ["What did the picture show?"]);
    assert.match(text(one(".conversation > [role=status]")), /The answer is being written/);
    assert.equal(sentences(), 0);
    await next(2);
    await until(() => sentences() === 2);
    assert(!hasControl("Copy"));
    const before = one(".answer-text .sentence:first-child");
    gate.open();
    await settledAnswer();
    assert.equal(sentences(), 6);
    assert.equal(one(".answer-text p:first-child .sentence:first-child"), before, "what was read aloud isn't put there anew");
    assert.deepEqual(all(".answer-text > *").map(({ tagName }) => tagName), ["P", "P", "UL", "P"]);
    assert.equal(text(one(".answer-text strong")), "1 of 5 findings");
    assert.deepEqual(all(".footnotes li").map((note) => text(note)), [
      "Your record: Pleural effusion", "Published guidance: NHS: Fluid around the lungs (opens in a new tab)https://www.example.org/effusion", "Your record: Age",
      "Your record: What was not checked", "About this program: How the model works (opens in a new tab)/docs/models.md",
    ]);
    assert.deepEqual(all(".suggestions button").map((button) => text(button)), ["What is a pleural effusion?", "What was not checked?"]);
    assert.equal(document.activeElement?.id, "assistant-question");
    assert.equal((document.activeElement as HTMLTextAreaElement).value, "");
    assert.equal(posted(server).length, 1);
    assert.match(posted(server)[0]?.headers.accept ?? "", /^text\/event-stream/);
    // The list has it under its name, and how urgent it is was asked for anew.
    await until(() => text(one(".conversations li")).startsWith("What did the picture show?2 messages"));
    assert(server.asked.filter(({ key: asked }) => asked === "GET /acuity").length >= 3);
  });

  test("has its log and its state for a screen reader, and no other live part inside", async () => {
    await serve();
    await start();
    await ask("What?");
    gate.open();
    await settledAnswer();
    const log = one("[role=log]");
    assert.deepEqual(["aria-live", "aria-relevant", "aria-label"].map((name) => log.getAttribute(name)), ["polite", "additions", "Questions and answers"]);
    for (const actions of log.querySelectorAll(".actions")) assert.equal(actions.closest("[aria-live]")?.getAttribute("aria-live"), "off");
  });

  test("is sent by Enter; Shift and Enter, and a word that is being put together, are not", async () => {
    const sent: string[] = [];
    scripted();
    const composer = (draft: string, busy = false) => show(<Composer draft={draft} onDraft={() => undefined} onSend={(question) => sent.push(question)} busy={busy} onStop={null} stopping={false} focused />);
    await composer("  Why?  ");
    const area = field<HTMLTextAreaElement>("Your question");
    assert.equal(document.activeElement, area);
    await key(area, "Enter", { shiftKey: true });
    await key(area, "Enter", { isComposing: true });
    await key(area, "a");
    assert.deepEqual(sent, []);
    await key(area, "Enter");
    assert.deepEqual(sent, ["Why?"]);
    await composer("   ");
    await key(field("Your question"), "Enter");
    await composer("Why?", true);
    await key(field("Your question"), "Enter");
    assert.equal(control("Ask").getAttribute("aria-disabled"), "true");
    assert.deepEqual(sent, ["Why?"]);
  });

  test("that is too long isn't cut off or sent: it says by how much", async () => {
    scripted();
    let sent = 0;
    await show(<QuestionField label="Question" value={"😀".repeat(4001)} onChange={() => undefined} onSend={() => (sent += 1)} />);
    assert.match(text(), /4,001 of 4,000 characters/);
    assert.match(alerts(), /Too long by 1 characters/);
    await show(<Composer draft={"a".repeat(4001)} onDraft={() => undefined} onSend={() => (sent += 1)} busy={false} onStop={null} stopping={false} />);
    await press("Ask");
    assert.equal(sent, 0);
  });

  test("is suggested, and asked at a press", async () => {
    const server = await serve();
    await start();
    await press("What was not checked?");
    gate.open();
    await settledAnswer();
    await press("What is a pleural effusion?");
    await until(() => questions().length === 2 && !hasControl("Stop"));
    assert.deepEqual(posted(server).map(({ body }) => body), [{ text: "What was not checked?" }, { text: "What is a pleural effusion?" }]);
    const asked: string[] = [];
    const suggestions = (busy: boolean) => show(<Suggestions questions={["One?"]} busy={busy} onAsk={(question) => asked.push(question)} />);
    await suggestions(true);
    await press("One?");
    await suggestions(false);
    await press("One?");
    assert.deepEqual(asked, ["One?"]);
  });

  test("that isn't sent is kept while other pages are looked at, by conversation and session", async () => {
    await serve();
    await start();
    await type(one<HTMLTextAreaElement>("#assistant-question"), "Half a quest");
    await press("What the assistant is told");
    await until(() => all("#assistant-question").length === 0);
    await settled(() => window.history.back());
    await until(() => all<HTMLTextAreaElement>("#assistant-question").some(({ value }) => value === "Half a quest"));
    assert.deepEqual([sessionStorage.length, Object.keys(localStorage).filter((name) => name !== "lightbox:language")], [0, []]);
    assert.equal(drafts.read("s1", "other"), "");
    assert.equal(drafts.read("another session", "new"), "");
    assert.equal(drafts.read("s1", "new"), "", "a session's words end with it");
  });
});

describe("An answer", () => {
  test("is stopped where it stands, and can be asked for again", async () => {
    const server = await serve();
    await start();
    await ask("What did the picture show?");
    await next(1);
    await until(() => sentences() === 1);
    await press("Stop");
    await settledAnswer();
    assert.equal(sentences(), 1);
    assert.match(text(one(".answer")), /It was stopped here\. The rest is missing\./);
    assert.equal(document.activeElement?.id, "assistant-question");
    gate.open();
    await press("Answer again");
    await until(() => sentences() === 6 && !hasControl("Stop"));
    assert.deepEqual([questions().length, all(".answer").length], [1, 1]);
    assert.doesNotMatch(text(one(".answer")), /stopped/);
    assert.equal(server.asked.filter(({ key: asked }) => asked.endsWith("/stop")).length, 1);
    assert.equal(server.asked.filter(({ key: asked }) => asked.endsWith("/regenerate")).length, 1);
  });

  test("to a question in other words takes the place of all that followed", async () => {
    const server = await serve();
    await start();
    gate.open();
    for (const question of ["First?", "Second?"]) {
      await ask(question);
      await until(() => questions().includes(question) && all(".answer").length === questions().length && !hasControl("Stop"));
    }
    await press("Edit: First?");
    const area = field<HTMLTextAreaElement>("Your question in other words");
    assert.equal(document.activeElement, area);
    assert.match(text(), /Everything after it is removed\./);
    await key(area, "Escape");
    assert.equal(document.activeElement, control("Edit: First?"));
    await press("Edit: First?");
    await press("Cancel");
    await press("Edit: First?");
    await type(field<HTMLTextAreaElement>("Your question in other words"), "First, better?");
    await press("Ask it again");
    await until(() => questions().join() === "First, better?" && all(".answer").length === 1 && !hasControl("Stop"));
    assert.match(JSON.stringify(posted(server)[2]?.body), /^\{"text":"First, better\?","replaces":"message-\d+"\}$/);
  });

  test("goes on after a lost connection, without a sentence twice", async () => {
    const server = await serve();
    await start();
    gate.open();
    await ask("What shows it, if it breaks?");
    await until(() => sentences() === 6 && !hasControl("Stop"));
    assert.equal(new Set(all(".answer-text .sentence").map((element) => text(element))).size, 6);
    const resumed = server.asked.filter(({ key: asked }) => asked.endsWith("/events"));
    assert(resumed.length >= 1);
    assert(Number(resumed[0]?.headers["last-event-id"]) > 0);
    assert.equal(posted(server).length, 1);
    assert.equal(alerts(), "");
  });

  test("is waited for while there is no connection at all, and the page says so", async () => {
    await serve();
    await start();
    await ask("What shows it, if it breaks?");
    await until(() => hasControl("Stop"));
    cut = ["/events"];
    gate.open();
    await until(() => /The connection is lost/.test(text(one(".conversation > [role=status]"))));
    cut = [];
    await settled(() => window.dispatchEvent(new Event("online")));
    await until(() => sentences() === 6 && !hasControl("Stop"));
  });

  test("that is being written is followed after a reload", async () => {
    const server = await serve();
    await start();
    await ask("What did the picture show?");
    await next(2);
    await until(() => sentences() === 2);
    const path = window.location.pathname;
    await showInside(<Pages />, path);
    await until(() => sentences() === 2 && hasControl("Stop"));
    assert.equal(posted(server).length, 1);
    gate.open();
    await until(() => sentences() === 6 && !hasControl("Stop"));
    await showInside(<Pages />, path);
    await until(() => sentences() === 6);
    assert.equal(posted(server).length, 1);
  });

  test("says why the reviewed one is shown, what was left out, and what was put right", async () => {
    await serve();
    await start();
    gate.open();
    await ask("silent?");
    await settledAnswer();
    assert.match(text(one(".answer")), /The language model didn't answer in time, so the prepared answer is shown\./);
    await ask("struck?");
    await until(() => all(".answer").length === 2 && !hasControl("Stop"));
    const last = all(".answer")[1] as HTMLElement;
    assert.match(text(last), /^qwen2\.5-coder-1\.5b, with checked sentences/);
    assert.match(text(last), /2 sentences of the model were left out because your record doesn't support them\./);
    assert.match(text(last), /You told that you are 54\. ?1?2? ?\(said instead of a sentence of the model that your record contradicts\)/);
  });

  test("shows while a model writes how far it is, but not what nobody has checked", async () => {
    await serve({}, { kind: "model", name: "gpt-oss-20b" });
    await start();
    await until(() => text().includes("Who answers now: gpt-oss-20b, with checked sentences"));
    await ask("struck?");
    await next(1);
    await until(() => /about 10 pieces of words/.test(text(one(".conversation > [role=status]"))));
    assert.equal(sentences(), 0);
    assert.equal(one(".conversation > [role=status] span:last-child").getAttribute("aria-hidden"), "true");
  });

  test("of hostile words stays words", async () => {
    await serve();
    await start();
    gate.open();
    await ask("hostile <img src=x onerror=alert(1)>?");
    await settledAnswer();
    const page = one(".log");
    assert.equal(page.querySelectorAll("script, img, b, i, [href^='javascript'], [href^='//']").length, 0);
    assert.match(text(page), /<script>alert\(1\)<\/script><img src=x onerror=alert\(2\)> is text, and so is \[a link\]\(javascript:alert\(3\)\)\./);
    assert(text(page).includes("a".repeat(10_000)));
    assert.doesNotMatch(page.textContent ?? "", /[\u202a-\u202e\u2066-\u2069]/);
    assert.equal(text(one(".answer strong")), "<b>bold</b>");
    assert.deepEqual(questions(), ["hostile <img src=x onerror=alert(1)>?"]);
    for (const { href } of all<HTMLAnchorElement>(".log a")) assert.match(href, /^http:\/\/127\.0\.0\.1:8080\/record$/);
  });

  test("to an emergency has the number to call, and how urgent it is stands above", async () => {
    let level: "routine" | "emergency" = "routine";
    const server = await serve({ "GET /acuity": () => acuity(level) });
    await start();
    await ask("I can't breathe");
    level = "emergency";
    gate.open();
    await settledAnswer();
    const call = one<HTMLAnchorElement>(".emergency-answer .emergency-call a");
    assert.deepEqual([text(call), call.getAttribute("href")], ["Call 112", "tel:112"]);
    const before = server.asked.filter(({ key: asked }) => asked === "GET /acuity").length;
    assert(before >= 3, "it is asked for anew");
  });

  test("is copied with what it rests on, or says how else", async () => {
    const copied: string[] = [];
    await serve();
    await start();
    gate.open();
    await ask("What?");
    await settledAnswer();
    await press("Copy");
    assert.match(text(one(".answer .actions")), /Mark the text and copy it by hand/);
    Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText: async (words: string) => void copied.push(words) } });
    await press("Copy");
    assert.match(text(one(".answer .actions")), /Copied, with what it rests on/);
    assert.match(copied[0] ?? "", /^The model marked 1 of 5 findings in your picture\. \[1\] It is called .*wall\. \[1\] \[2\]\n\nYou told that you are 54\. \[3\]\n- It did not look for broken ribs\. \[4\]\n- /);
    assert.match(copied[0] ?? "", /\n\n\[1\] Pleural effusion\n\[2\] NHS: Fluid around the lungs \(https:\/\/www\.example\.org\/effusion\)\n/);
  });
});

describe("What doesn't work", () => {
  test("a question that doesn't get through is given back, and asked again at a press", async () => {
    const server = await serve();
    await start();
    cut = ["POST /api/v1/conversations"];
    await ask("Why?");
    await until(() => alerts().includes("The question was not asked"));
    assert.equal(one<HTMLTextAreaElement>("#assistant-question").value, "Why?");
    cut = ["/messages"];
    await press("Try again");
    await until(() => alerts().includes("The question was not asked") && window.location.pathname !== "/assistant");
    assert.equal(one<HTMLTextAreaElement>("#assistant-question").value, "Why?");
    cut = [];
    gate.open();
    await press("Try again");
    await settledAnswer();
    assert.deepEqual([posted(server).length, questions(), alerts()], [1, ["Why?"], ""]);
    assert.equal(new Set(server.asked.filter(({ key: asked }) => asked === "POST /conversations").map(({ headers }) => headers["idempotency-key"])).size, 1);
  });

  test("a question whose connection breaks at once isn't asked twice", async () => {
    const server = await serve();
    await start();
    gate.open();
    await ask("unheard?");
    await until(() => sentences() === 6 && !hasControl("Stop"));
    assert.deepEqual([posted(server).length, questions(), alerts()], [1, ["unheard?"], ""]);
  });

  test("nor when the server can be asked only later", async () => {
    const server = await serve();
    await start();
    gate.open();
    await ask("First?");
    await settledAnswer();
    const { pathname } = window.location;
    cut = [`GET /api/v1${pathname.replace("assistant", "conversations")}`];
    await ask("unheard?");
    await until(() => alerts().includes("The question was not asked"));
    await press("Try again");
    await until(() => alerts().includes("The question was not asked"));
    cut = [];
    await press("Try again");
    await until(() => all(".answer").length === 2 && !hasControl("Stop"));
    assert.deepEqual([posted(server).length, questions()], [2, ["First?", "unheard?"]]);
  });

  test("an answer that the server gives up on says so, and can be asked for again", async () => {
    await serve();
    await start();
    gate.open();
    await ask("gives up?");
    await until(() => alerts().includes("The answer didn't come to its end"));
    assert.match(alerts(), /The storage is busy/);
    await until(() => text(one(".answer")).includes("The server was stopped in the middle"));
    assert(hasControl("Answer again"));
    assert(!hasControl("Stop"));
  });

  test("a question while another tab's is answered is kept, and that answer is shown", async () => {
    const server = await serve();
    await start();
    gate.open();
    await ask("First?");
    await settledAnswer();
    gate.close();
    const path = `/api/v1${window.location.pathname.replace("assistant", "conversations")}`;
    void realFetch(`${server.origin}${path}/messages`, { method: "POST", headers: { Accept: "text/event-stream" }, body: JSON.stringify({ text: "From elsewhere?" }) }).catch(() => undefined);
    await until(() => gate.waits() > 0);
    await ask("Mine?");
    await until(() => alerts().includes("Another answer is being written"));
    assert.deepEqual(questions(), ["First?", "From elsewhere?"]);
    assert.equal(one<HTMLTextAreaElement>("#assistant-question").value, "Mine?");
    gate.open();
    await until(() => all(".answer").length === 2 && !hasControl("Stop"));
    await press("Ask");
    await until(() => all(".answer").length === 3 && !hasControl("Stop"));
    assert.equal(alerts(), "");
  });

  test("what can't be stopped or answered again says so, with another try", async () => {
    await serve();
    await start();
    await ask("What?");
    await until(() => hasControl("Stop"));
    cut = ["/stop"];
    await press("Stop");
    await until(() => alerts().includes("The answer was not stopped"));
    cut = [];
    await press("Try again");
    await settledAnswer();
    cut = ["/regenerate"];
    await press("Answer again");
    await until(() => alerts().includes("There is no other answer"));
    cut = [];
    gate.open();
    await press("Try again");
    await until(() => sentences() === 6 && !hasControl("Stop"));
    assert.equal(alerts(), "");
  });

  test("what the server doesn't take is said in its words", async () => {
    await serve();
    await start();
    gate.open();
    await ask("wrong");
    await until(() => alerts().includes("1 to 4000 characters."));
    assert.equal(one<HTMLTextAreaElement>("#assistant-question").value, "wrong");
  });

  test("a question in other words that doesn't get through stays open, also while other pages are looked at", async () => {
    const server = await serve();
    await start();
    gate.open();
    await ask("First?");
    await settledAnswer();
    await type(one<HTMLTextAreaElement>("#assistant-question"), "Another?");
    cut = ["/messages"];
    await press("Edit: First?");
    await type(field<HTMLTextAreaElement>("Your question in other words"), "Better?");
    await press("Ask it again");
    await until(() => alerts().includes("The question was not asked"));
    await press("What the assistant is told");
    await until(() => all("#assistant-question").length === 0);
    await settled(() => window.history.back());
    await until(() => all<HTMLTextAreaElement>("textarea").map(({ value }) => value).join() === "Better?,Another?");
    await press("Ask it again");
    await until(() => alerts().includes("The question was not asked"));
    cut = [];
    await press("Try again");
    await until(() => questions().join() === "Better?" && all(".answer").length === 1 && !hasControl("Stop"));
    assert.equal(one<HTMLTextAreaElement>("textarea").value, "Another?");
    assert.equal(posted(server).length, 2);
  });

  test("a first question whose conversation can't be read is asked once it can", async () => {
    const server = await serve();
    await start();
    gate.open();
    cut = ["GET /api/v1/conversations/conversation-1", "GET /api/v1/conversations/conversation-2", "GET /api/v1/conversations/conversation-3"];
    await ask("Why?");
    await until(() => alerts() !== "");
    cut = [];
    await press("Try again");
    await settledAnswer();
    assert.deepEqual([posted(server).length, questions()], [1, ["Why?"]]);
  });

  test("a question that was sent when the page was left isn't offered again", async () => {
    await serve();
    await start();
    gate.open();
    await ask("First?");
    await settledAnswer();
    const { pathname } = window.location;
    drafts.write("s1", pathname.split("/")[2] ?? "", "First?");
    await showInside(<Pages />, pathname);
    await settledAnswer();
    await until(() => one<HTMLTextAreaElement>("#assistant-question").value === "");
  });

  test("a conversation that isn't there, or can't be read", async () => {
    await serve();
    cut = ["/conversations/gone"];
    await showInside(<Pages />, "/assistant/gone");
    await until(() => alerts() !== "");
    cut = [];
    await press("Try again");
    await until(() => alerts().includes("This isn't here"));
    assert(hasControl("New conversation"));
  });

  test("a session that has ended leads to the usual page", async () => {
    let over = false;
    await serve({ "GET /session": () => (over ? { problem: [401, "session-required"] } : session) });
    await start();
    over = true;
    scripted();
    const inner = globalThis.fetch;
    globalThis.fetch = (async () => new Response(JSON.stringify({ type: "x", title: "x", status: 401, detail: "", instance: "r", code: "session-required" }), { status: 401 })) as typeof fetch;
    await ask("Why?");
    await until(() => window.location.pathname === "/");
    assert.equal(drafts.read("s1", "new"), "", "what was typed ends with the session");
    globalThis.fetch = inner;
  });
});

describe("Conversations", () => {
  test("are several, renamed, and deleted after asking", async () => {
    const server = await serve();
    await start();
    await until(() => text(one(".conversations")).includes("There is none yet"));
    gate.open();
    for (const question of ["First?", "Second?"]) {
      await click(one(".conversations p a"));
      await until(() => window.location.pathname === "/assistant");
      await ask(question);
      await until(() => questions().includes(question) && !hasControl("Stop") && hasControl("Copy"));
    }
    await until(() => all(".conversations li a").map((link) => text(link)).join() === "Second?,First?");
    await press("First?");
    await until(() => questions().join() === "First?");
    assert.equal(document.activeElement?.id, "conversation-title");
    assert.equal(one(".conversations li [aria-current=page]").textContent, "First?");
    await press("Rename");
    await type(one<HTMLInputElement>("#conversation-name"), "About the effusion");
    await press("Save the name");
    await until(() => text(one("#conversation-title")) === "About the effusion");
    await until(() => document.activeElement === control("Rename"));
    assert(all(".conversations li a").some((link) => text(link) === "About the effusion"));
    await press("Delete");
    assert.match(text(one("dialog")), /“About the effusion” will be gone for good/);
    await press("Keep it");
    await press("Delete");
    await press("Delete it");
    await until(() => window.location.pathname === "/assistant" && all(".conversations li a").length === 1);
    assert.equal(server.asked.filter(({ key: asked }) => asked.startsWith("DELETE")).length, 1);
  });

  test("keep their name and themselves when the server doesn't answer", async () => {
    await serve();
    cut = ["/conversations/c"];
    const renamed: string[] = [];
    await show(<ConversationHead id="c" title="Old" onRenamed={({ title }) => renamed.push(title)} onDeleted={() => renamed.push("deleted")} />);
    await press("Rename");
    await press("Save the name");
    assert.match(alerts(), /The name was not changed/);
    await key(one("#conversation-name"), "Escape");
    await press("Delete");
    await press("Delete it");
    assert(text(one("dialog [role=alert]")));
    assert.deepEqual(renamed, []);
  });

  test("are printed", async () => {
    scripted();
    let printed = 0;
    window.print = () => (printed += 1);
    await show(<ConversationHead id="c" title="Old" onRenamed={() => undefined} onDeleted={() => undefined} />);
    await press("Print");
    assert.equal(printed, 1);
  });

  test("that can't be listed can be tried again", async () => {
    await serve();
    cut = ["GET /api/v1/conversations"];
    await start();
    await until(() => text(one(".conversations")).includes("Try again"));
    cut = [];
    await press("Try again");
    await until(() => text(one(".conversations")).includes("There is none yet"));
    await show(<ConversationList conversations={{ state: "loading", data: undefined, problem: undefined, reload: () => undefined, replace: () => undefined }} chosen={null} />);
    assert.match(text(), /Loading/);
  });
});

const evidence = (kind: Evidence["kind"], id: string, more: Partial<Evidence> = {}): Evidence => ({ kind, id, label: id, ...more });
const said = (words: string, ...rest: Evidence[]): Sentence => ({ text: words, layout: "same", evidence: rest, replacesStruck: false });
const answerOf = (more: Partial<Answer> = {}): Answer => ({
  state: "complete", speaker: { kind: "library" }, sentences: [said("Yes.", evidence("record", "intake.age"))], intent: "record-person", struck: 0, acuity: "routine", suggestions: [], ...more,
});
const message = (id: string, number: number, more: Partial<Message> = {}): Message => ({ id, number, role: "assistant", createdAt: "2026-11-28T09:00:00Z", text: "", answer: answerOf(), ...more });
const places = { topicOf: (question: string) => (question === "age" ? "person" : question === "medication" ? "safety" : null), analysisId: "a2" as string | null };

describe("What a sentence rests on", () => {
  const cases: [string, string, string | null][] = [
    ["intake.age", "/history/person#question-age", "a2"], ["intake.medication.2", "/history/safety#question-medication", "a2"], ["intake.nothing", "/record", "a2"],
    ["finding.effusion", "/analyses/a2#finding-effusion", "a2"], ["finding.effusion", "/record", null], ["not-checked", "/analyses/a2", "a2"], ["quality.low-contrast", "/analyses/a2", "a2"],
    ["picture", "/analyses/a2", "a2"], ["acuity", "/record", "a2"], ["acuity.2", "/record", "a2"], ["withheld", "/record", "a2"], ["../../evil", "/record", "a2"],
  ];
  for (const [id, place, analysisId] of cases) {
    test(`${id} ${analysisId ? "" : "without an analysis "}is at ${place}`, () => assert.equal(placeOf(id, { ...places, analysisId }), place));
  }

  for (const [address, opens] of [["https://www.nhs.uk/x", true], ["/docs/models.md#auc", true], ["javascript:alert(1)", false], ["//evil.example/docs/", false], ["/api/v1/session", false], ["data:text/html,x", false], ["", false]] as const) {
    test(`${address || "nothing"} is ${opens ? "" : "not "}opened`, () => assert.equal(openable(address), opens ? address : null));
  }

  test("is numbered once, and leads there by keyboard too", async () => {
    scripted();
    const sentences = [said("One.", evidence("record", "intake.age", { label: "Age" })), said("Two.", evidence("source", "nhs", { label: "NHS", address: "https://www.nhs.uk/x" }), evidence("record", "intake.age", { label: "Age" }))];
    const footnotes = footnotesOf(sentences);
    assert.deepEqual(footnotes.map(({ number, evidence: { id } }) => [number, id]), [[1, "intake.age"], [2, "nhs"]]);
    await show(<><Sentences sentences={sentences} footnotes={footnotes} places={places} notesId="notes" /><Footnotes footnotes={footnotes} places={places} id="notes" /></>);
    assert.deepEqual(all(".citation").map((link) => link.getAttribute("aria-label")), ["1, Your record: Age", "1, Your record: Age", "2, Published guidance: NHS"]);
    await press("2, Published guidance: NHS");
    assert.equal((document.activeElement as HTMLElement).dataset.note, "2");
    const source = one<HTMLAnchorElement>(".footnotes a[target]");
    assert.deepEqual([source.href, source.rel, source.target], ["https://www.nhs.uk/x", "noopener noreferrer", "_blank"]);
    await click(all(".citation")[0] as HTMLElement);
    assert.equal(window.location.pathname + window.location.hash, "/history/person#question-age");
    await show(<Citation footnote={{ number: 3, evidence: evidence("program", "model") }} places={places} notesId="nowhere" />);
    await press("3, About this program: model");
    await show(<Footnotes footnotes={[]} places={places} id="none" />);
    assert.equal(all(".footnotes").length, 0);
  });

  test("opens the field of the history", async () => {
    await serve({ "GET /intake": () => ({ answers: { age: 54 }, complete: false, missing: [], contradictions: [], packYears: null, acuity: acuity(), revision: 0, updatedAt: "2026-11-28T09:00:00Z" }) });
    await start();
    gate.open();
    await ask("What?");
    await settledAnswer();
    await press("3, Your record: Age");
    await until(() => document.activeElement?.id === "question-age", "the field has the focus");
    assert.equal(window.location.pathname, "/history/person");
  });
});

describe("The result", () => {
  test("leads to the assistant, and an answer to the finding that it rests on", async () => {
    const analysis = { id: "a2", uploadId: "u1", frame: 0, createdAt: "2026-11-28T09:00:00Z", updatedAt: "2026-11-28T09:00:00Z", state: "completed", progress: 1, attempt: 1, revision: 9, detail: "Done.", result };
    await serve({ "GET /analyses/a2": () => analysis, "GET /uploads": () => ({ uploads: [] }), "GET /reports": () => ({ reports: [] }) });
    gate.open();
    await showInside(<Pages />, "/analyses/a2");
    await until(() => hasControl("Ask a question"));
    await press("Ask about it");
    await until(() => hasControl("Ask"));
    gate.open();
    await ask("What did the picture show?");
    await settledAnswer();
    await click(one(".footnotes li:first-child a"));
    await until(() => document.activeElement?.id === "finding-effusion", "the finding has the focus");
    assert.equal(window.location.pathname + window.location.hash, "/analyses/a2#finding-effusion");
  });
});

describe("An answer's parts", () => {
  test("only bold words are marked; what can't be seen is left out", async () => {
    scripted();
    await show(<RichText text={"a **b** c\n**e*f** # g _h_ ** i\u202ej\u2066\u0000"} />);
    assert.deepEqual(all("strong").map((element) => element.textContent), ["b", "e*f"]);
    assert.equal(one("bdi").textContent, "a b c\ne*f # g _h_ ** ij");
    assert.doesNotMatch(one("bdi").textContent ?? "", /[\u202a-\u202e\u2066-\u2069\u0000]/);
    assert.equal(shownText("\u202eabc\n\u200fd"), "abc\nd");
  });

  test("a person's question and its editing", async () => {
    scripted();
    const replaced: string[] = [];
    const question = message("m1", 1, { role: "person", answer: null, text: "Why?" });
    await show(<QuestionItem session="s3" message={question} busy onReplace={(words) => replaced.push(words)} />);
    await press("Edit: Why?");
    assert.equal(all("textarea").length, 0);
    await show(<QuestionItem session="s3" message={question} busy={false} onReplace={(words) => replaced.push(words)} />);
    await press("Edit: Why?");
    await type(field<HTMLTextAreaElement>("Your question in other words"), "  ");
    await press("Ask it again");
    await type(field<HTMLTextAreaElement>("Your question in other words"), " How? ");
    await key(field("Your question in other words"), "Enter");
    assert.deepEqual(replaced, ["How?"]);
  });

  const fallbacks = ["unreachable", "refused", "silent", "garbled", "cut-off", "looping", "wrong-language", "empty", "busy", "nothing-held", "something-new"];
  test("every fallback has its words, also one that this page doesn't know", async () => {
    scripted();
    const remarks = new Set<string>();
    for (const fallback of fallbacks) {
      await show(<AnswerItem message={{ ...message("m", 2), answer: answerOf({ fallback, struck: 1 }) }} places={places} emergency={false} emergencyNumber="112" onRegenerate={null} />);
      assert.match(text(), /so the prepared answer is shown\..*1 sentence of the model was left out/);
      remarks.add(text(all(".remark")[0]));
    }
    assert.equal(remarks.size, fallbacks.length);
  });

  test("an emergency without a number says to call all the same", async () => {
    scripted();
    await show(<AnswerItem message={{ ...message("m", 2), answer: answerOf({ intent: "emergency" }) }} places={places} emergency emergencyNumber={null} onRegenerate={null} />);
    assert.match(text(one(".emergency-call")), /Call your local emergency number now/);
    await show(<SpeakerName speaker={{ kind: "model", name: "m" }} />);
    assert.equal(text(), "m, with checked sentences");
  });

  test("an emergency is known by what was asked, or because the urgency rose with it", () => {
    assert(isEmergency(answerOf({ intent: "emergency" }), null));
    assert(isEmergency(answerOf({ intent: "self-harm", acuity: "emergency" }), answerOf({ acuity: "emergency" })));
    assert(isEmergency(answerOf({ acuity: "emergency" }), answerOf()));
    assert(!isEmergency(answerOf({ acuity: "emergency" }), answerOf({ acuity: "emergency" })));
    assert(!isEmergency(answerOf({ acuity: "urgent" }), answerOf()));
  });

  test("hearing an event again changes nothing, and a gap waits for the end", () => {
    const conversation: Conversation = { id: "c", title: "", createdAt: "", updatedAt: "", messages: 0, items: [], suggestions: [], answering: null };
    const question = message("q", 1, { role: "person", answer: null });
    const begun = heard(conversation, { name: "begin", question, answer: message("a", 2, { answer: answerOf({ state: "writing", sentences: [] }) }) });
    assert.equal(begun.answering, "a");
    const first = { name: "sentence", answerId: "a", index: 0, sentence: said("One.") } as const;
    const once = heard(begun, first);
    assert.deepEqual(heard(once, first), once);
    assert.deepEqual(heard(heard(once, { name: "begin", question, answer: message("a", 2) }), first), once, "a stream that begins anew takes nothing away");
    assert.deepEqual(heard(once, { ...first, index: 2 }), once);
    assert.deepEqual(heard(once, { ...first, answerId: "other" }), once);
    const done = heard(conversation, { name: "done", answer: message("a", 2) });
    assert.deepEqual([done.items.map(({ id }) => id), done.answering], [["a"], null]);
  });

  test("as plain text without evidence is what was said", () => {
    assert.equal(plainText(answerOf({ sentences: [said("One **two**."), said("Three.")] })), "One two. Three.");
  });
});

describe("The pages of the assistant", () => {
  test("stand alone, and know where evidence leads once they can", async () => {
    await serve();
    gate.open();
    await showInside(<AssistantPage session="s1" conversationId={null} places={places} />, "/assistant");
    assert.equal(text(one("h1")), "Ask about it");
    await showInside(<AssistantStep session="s1" conversationId={null} />, "/assistant");
    assert.equal(text(one("h1")), "Ask about it");
    let started = "";
    await show(<StartPane focused={false} session="s1" onStarted={(id, question) => (started = `${id} ${question}`)} />);
    await press("What do you know about me?");
    await until(() => /^conversation-\d+ What do you know about me\?$/.test(started));
    const [id = ""] = started.split(" ");
    let asked = 0;
    await show(<ConversationPane focused={false} id={id} title={null} first={null} onFirstAsked={() => (asked += 1)} session="s2" places={places} emergencyNumber={null} onAnswered={() => undefined} onRenamed={() => undefined} onDeleted={() => undefined} />);
    await until(() => text().startsWith("New conversation"));
    assert.deepEqual([asked, questions()], [1, []]);
    assert.deepEqual(all(".suggestions button").map((button) => text(button)), ["What did the picture show?"]);
  });
});

describe("A stream of events", () => {
  const whole = 'retry: 100\n: a comment\nid: 1\nevent: begin\ndata: {"a":\r\ndata: 1}\r\n\r\nid: 2\rdata:x\r\rdata\n\nevent: lost\n\nid\ndata: last\n\ndata: unfinished';
  const expected = [{ id: "1", name: "begin", data: '{"a":\n1}' }, { id: "2", name: "message", data: "x" }, { id: "2", name: "message", data: "" }, { id: "", name: "message", data: "last" }];

  for (const size of [1, 2, 3, 7, 1000]) {
    test(`is the same in pieces of ${size}`, () => {
      const heardEvents: ServerEvent[] = [];
      const take = eventReader((event) => heardEvents.push(event));
      for (let at = 0; at < whole.length; at += size) take(whole.slice(at, at + size));
      assert.deepEqual(heardEvents, expected);
    });
  }

  const streaming = (body: ReadableStream | string | null, init: ResponseInit = {}) => {
    scripted();
    globalThis.fetch = ((_: string, { signal }: RequestInit) => {
      if (body instanceof ReadableStream) signal?.addEventListener("abort", () => void body.cancel().catch(() => undefined));
      return Promise.resolve(new Response(body, { headers: { "Content-Type": "text/event-stream" }, ...init }));
    }) as typeof fetch;
  };
  const read = (more: Partial<Parameters<typeof readEvents>[2]> = {}) => readEvents("GET", "/x", { signal: new AbortController().signal, onEvent: () => undefined, ...more });

  test("may be none, or something else, or a problem", async () => {
    streaming(null, { status: 204 });
    assert.equal(await read(), false);
    streaming("{}", { headers: { "Content-Type": "application/json" } });
    await assert.rejects(read(), ({ message: told }) => /^unexpected/.test(told));
    streaming('{"code":"not-found"}', { status: 404 });
    await assert.rejects(read(), ({ message: told }) => /^not-found \(404\)/.test(told));
  });

  test("on which nothing comes any more counts as lost; one that is left is an abort", async () => {
    const clock = new ScriptedClock();
    let source: ReadableStreamDefaultController | undefined;
    scripted();
    const silent = (_: string, { signal }: RequestInit) =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start(controller) {
              source = controller;
              signal?.addEventListener("abort", () => controller.error(new DOMException("aborted", "AbortError")));
            },
          }),
          { headers: { "Content-Type": "text/event-stream" } },
        ),
      );
    globalThis.fetch = silent as typeof fetch;
    const lost = assert.rejects(read({ after: clock.after }), ({ message: told }) => told === "network");
    await settled();
    source?.enqueue(new TextEncoder().encode("data: x\n\n"));
    await settled();
    assert.deepEqual(clock.waits, [45_000]);
    await clock.pass(45_000);
    await lost;
    const leaving = new AbortController();
    const left = assert.rejects(read({ signal: leaving.signal, after: clock.after }), isAbort);
    await settled();
    leaving.abort();
    await left;
  });

  test("a chat that is closed says nothing more", async () => {
    await serve();
    const chat = new Chat("gone", { onAnswered: () => assert.fail("nothing was answered") });
    let told = 0;
    const stop = chat.subscribe(() => (told += 1));
    chat.close();
    await chat.open();
    await chat.ask("Why?");
    await chat.regenerate();
    assert.deepEqual([told, chat.read().conversation], [0, null]);
    stop();
  });
});
