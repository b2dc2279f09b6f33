// The mock server's assistant: conversations in memory, answers as streams of events.
//
// What a question says, happens: "breathe" is an emergency, "hostile" an answer of hostile words, "silent" a model that
// didn't answer, "struck" one whose sentences were left out, "breaks" a connection that is lost in the middle, "unheard"
// one that is lost before the first event, and "gives up" an answer that the server doesn't finish.
import { createServer } from "node:http";

const library = { kind: "library" };
const model = { kind: "model", name: "qwen2.5-coder-1.5b" };
const record = (id, label) => ({ kind: "record", id, label });
const source = { kind: "source", id: "nhs-pleural-effusion", label: "NHS: Fluid around the lungs", address: "https://www.example.org/effusion" };
const program = { kind: "program", id: "model", label: "How the model works", address: "/docs/models.md" };
const sentence = (text, evidence, layout = "same", replacesStruck = false) => ({ text, layout, evidence, replacesStruck });

const summary = [
  sentence("The model marked **1 of 5 findings** in your picture.", [record("finding.effusion", "Pleural effusion")]),
  sentence("It is called a pleural effusion: fluid between the lung and the chest wall.", [record("finding.effusion", "Pleural effusion"), source]),
  sentence("You told that you are 54.", [record("intake.age", "Age")], "paragraph"),
  sentence("It did not look for broken ribs.", [record("not-checked", "What was not checked")], "item"),
  sentence("It did not look for tuberculosis.", [record("not-checked", "What was not checked")], "item"),
  sentence("It learned from pictures of one hospital.", [program], "paragraph"),
];

const hostile = [
  sentence("<script>alert(1)</script><img src=x onerror=alert(2)> is text, and so is [a link](javascript:alert(3)).", [{ ...source, address: "javascript:alert(4)" }]),
  sentence("abc\u202egnp.exe\u202c stays in its direction, **<b>bold</b>** too.", [record("../../evil", "<i>label</i>")]),
  sentence("a".repeat(10_000), [{ ...program, address: "//evil.example/docs/" }], "paragraph"),
];

/** What is said to a question. */
function said(question) {
  const usual = { speaker: library, sentences: summary, intent: "findings-summary", fallback: null, struck: 0, suggestions: ["What is a pleural effusion?", "What was not checked?"] };
  if (/breathe/.test(question)) return { ...usual, intent: "emergency", sentences: [sentence("This may be an emergency. Call 112 now.", [record("acuity", "How urgent it is")])], suggestions: [] };
  if (/hostile/.test(question)) return { ...usual, sentences: hostile };
  if (/silent/.test(question)) return { ...usual, fallback: "silent" };
  if (/struck/.test(question)) return { ...usual, speaker: model, struck: 2, sentences: [summary[0], { ...summary[2], replacesStruck: true }] };
  return usual;
}

const summaryOf = ({ items, suggestions, answering, writing, ...rest }) => ({ ...rest, messages: items.length });
const bodyOf = (conversation) => ({ ...summaryOf(conversation), items: conversation.items, suggestions: conversation.suggestions, answering: conversation.answering });
const plain = (sentences) => sentences.map(({ text }) => text).join(" ");

/**
 * Answers what is asked of the assistant. The returned function returns false for every other path.
 *
 * @param pace is waited for before each event: `pace(name)`.
 * @param emergency is called with a question that tells of one.
 */
export function makeAssistant({ pace = () => new Promise((resolve) => setTimeout(resolve, 300)), emergency = () => undefined, speaker = library } = {}) {
  let conversations = [];
  let level = "routine";
  let serial = 0;
  const keys = new Map();
  const id = (kind) => `${kind}-${(serial += 1)}`;
  const now = () => new Date(Date.UTC(2026, 10, 28, 9, 0, serial)).toISOString();

  /** Writes an answer to its end, whoever listens. */
  async function write(conversation, question, answer, isNew) {
    const { sentences, ...told } = said(question.text);
    const writing = { id: answer.id, events: [], listeners: new Set(), stopped: false };
    Object.assign(conversation, { answering: answer.id, writing });
    const tell = (name, data) => {
      serial += 1;
      writing.events.push({ id: serial, name, data: JSON.parse(JSON.stringify(data)) });
      for (const listener of [...writing.listeners]) listener();
    };
    const end = (state) => {
      if (conversation.writing !== writing) return;
      Object.assign(answer.answer, told, { state });
      Object.assign(conversation, { answering: null, writing: null, suggestions: told.suggestions, updatedAt: now() });
      answer.text = plain(answer.answer.sentences);
    };
    writing.stop = () => {
      if (writing.stopped) return;
      writing.stopped = true;
      end("stopped");
      tell("done", { answer });
    };
    if (isNew) conversation.title = question.text.slice(0, 80);
    tell("begin", { question, answer });
    for (const tokens of told.speaker.kind === "model" ? [10, 20] : []) {
      await pace("writing");
      if (writing.stopped) return;
      tell("writing", { tokens });
    }
    for (const [index, one] of sentences.entries()) {
      await pace("sentence");
      if (writing.stopped) return;
      if (index === 1 && /gives up/.test(question.text)) {
        end("interrupted");
        return tell("problem", { type: "/docs/errors.md#storage-busy", title: "Busy", status: 503, detail: "Busy.", instance: "r", code: "storage-busy" });
      }
      answer.answer.sentences.push(one);
      tell("sentence", { answerId: answer.id, index, sentence: one });
    }
    await pace("done");
    if (writing.stopped) return;
    end("complete");
    tell("done", { answer });
  }

  /** Streams what is told of an answer, from after an event. */
  function stream(response, writing, last, breaksAfter = Infinity) {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Request-Id": id("request") });
    let sent = 0;
    let cursor = writing.events.findIndex((event) => event.id > last);
    if (cursor < 0) cursor = writing.events.length;
    const tell = () => {
      for (; cursor < writing.events.length; cursor += 1) {
        const event = writing.events[cursor];
        if (sent >= breaksAfter) {
          writing.listeners.delete(tell);
          return void response.destroy();
        }
        response.write(`id: ${event.id}\nevent: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`);
        sent += 1;
        if (event.name === "done" || event.name === "problem") {
          writing.listeners.delete(tell);
          response.end();
        }
      }
    };
    writing.listeners.add(tell);
    response.on("close", () => writing.listeners.delete(tell));
    tell();
  }

  function answerTo(conversation, question, response, isNew) {
    if (/breathe/.test(question.text)) {
      level = "emergency";
      emergency(question.text);
    }
    const answer = { id: id("message"), number: question.number + 1, role: "assistant", createdAt: now(), text: "", answer: { state: "writing", speaker, sentences: [], intent: "", struck: 0, acuity: level, suggestions: [] } };
    conversation.items.push(answer);
    void write(conversation, question, answer, isNew);
    if (/unheard/.test(question.text)) return void response.destroy();
    stream(response, conversation.writing, 0, /breaks/.test(question.text) ? 3 : Infinity);
  }

  return function assistant({ request, response, path, bytes, send, problem }) {
    const [, first, wanted, part] = path.split("/");
    if (first === "assistant" && !wanted) return send(200, { speaker, note: "This is software.", canStop: true }), true;
    if (first !== "conversations") return false;
    const json = () => JSON.parse(bytes.toString() || "{}");
    if (!wanted) {
      if (request.method === "GET") return send(200, { conversations: conversations.map(summaryOf) }), true;
      const key = request.headers["idempotency-key"];
      const made = keys.get(key) ?? { id: id("conversation"), title: "New conversation", createdAt: now(), updatedAt: now(), items: [], suggestions: ["What did the picture show?"], answering: null, writing: null };
      if (!conversations.includes(made)) conversations.push(made);
      if (key) keys.set(key, made);
      return send(201, bodyOf(made)), true;
    }
    const conversation = conversations.find((one) => one.id === wanted);
    if (!conversation) return problem(404, "not-found"), true;
    switch (`${request.method} ${part ?? ""}`) {
      case "GET ":
        return send(200, bodyOf(conversation)), true;
      case "PATCH ":
        conversation.title = json().title;
        return send(200, summaryOf(conversation)), true;
      case "DELETE ":
        conversation.writing?.stop();
        conversations = conversations.filter((one) => one !== conversation);
        return send(204), true;
      case "GET events":
        if (!conversation.writing) return send(204), true;
        return stream(response, conversation.writing, Number(request.headers["last-event-id"] ?? 0)), true;
      case "POST stop": {
        const answer = conversation.items.find((item) => item.id === conversation.answering) ?? null;
        conversation.writing?.stop();
        return send(200, { answer }), true;
      }
      case "POST regenerate": {
        if (conversation.answering) return problem(409, "answer-in-progress"), true;
        conversation.items.pop();
        return answerTo(conversation, conversation.items[conversation.items.length - 1], response, false), true;
      }
      case "POST messages": {
        if (conversation.answering) return problem(409, "answer-in-progress"), true;
        const { text, replaces } = json();
        if (!text?.trim() || text.length > 4000 || text === "wrong") return problem(422, "validation-failed", [{ pointer: "/text", code: "length", detail: "1 to 4000 characters." }]), true;
        const from = conversation.items.findIndex((item) => item.id === replaces);
        if (from >= 0) conversation.items.splice(from);
        const question = { id: id("message"), number: conversation.items.length + 1, role: "person", createdAt: now(), text };
        conversation.items.push(question);
        return answerTo(conversation, question, response, question.number === 1), true;
      }
      default:
        return problem(404, "not-found"), true;
    }
  };
}

/** Events that wait until they are let through, one by one or all. */
export function makeGate() {
  const waiting = [];
  let open = false;
  return {
    pace: () => (open ? new Promise((resolve) => setTimeout(resolve, 0)) : new Promise((resolve) => waiting.push(resolve))),
    next: () => waiting.shift()?.(),
    open: () => {
      open = true;
      for (const resolve of waiting.splice(0)) resolve();
    },
    close: () => {
      open = false;
    },
    waits: () => waiting.length,
  };
}

/**
 * A server on a free port that has an assistant and whatever else it is told, for tests.
 *
 * @param others answers by request: `{"GET /session": () => ({...})}`.
 */
export function serveAssistant(assistant, others) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const bytes = Buffer.concat(parts);
    const path = request.url.replace("/api/v1", "");
    const key = `${request.method} ${path}`;
    asked.push({ key, body: bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined, headers: request.headers });
    const send = (status, body) => {
      response.writeHead(status, { "Content-Type": status < 400 ? "application/json" : "application/problem+json", "X-Request-Id": `r${asked.length}` });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    const problem = (status, code, errors) => send(status, { type: `/docs/errors.md#${code}`, title: code, status, detail: `Detail of ${code}.`, instance: `r${asked.length}`, code, errors });
    const told = others[key]?.();
    if (told?.problem) return problem(told.problem[0], told.problem[1]);
    if (told !== undefined) return send(200, told);
    if (!assistant({ request, response, path, bytes, send, problem })) problem(404, "not-found");
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve({
        origin: `http://127.0.0.1:${server.address().port}`,
        asked,
        bodies: (key) => asked.filter((one) => one.key === key).map(({ body }) => body),
        close: () => {
          server.closeAllConnections();
          server.close();
        },
      }),
    );
  });
}
