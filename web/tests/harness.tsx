// What the component tests share: a page, a scripted server, and the hands and eyes of a person.
import "./dom";
import assert from "node:assert/strict";
import { afterEach } from "node:test";
import type { ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { act } from "react-dom/test-utils";
import { AcuityProvider } from "../src/shared/acuity";
import type { Acuity, AcuityLevel, AcuityReason } from "../src/shared/api/acuity";
import type { After } from "../src/shared/clock";
import { LimitsContext, type Limits } from "../src/shared/api/limits";
import { SessionProvider } from "../src/shared/session";
import { limits } from "./mock-data.mjs";

export { limits, questionnaire, result, samples } from "./mock-data.mjs";

export const now = "2026-11-23T10:00:00Z";

export const session = {
  id: "s1", createdAt: now, idleExpiresAt: "2126-11-23T10:30:00Z", absoluteExpiresAt: "2126-11-24T10:00:00Z",
  consent: { version: "1", acceptedAt: now }, intakeComplete: false, uploads: 0, analyses: 0, reports: 0,
  conversations: 0, messages: 0, readings: 0, receptions: 0,
};

/** How urgent it is, with a reason for whatever is more than routine. */
export function acuity(level: AcuityLevel = "routine", more: Partial<Acuity> = {}): Acuity {
  const reasons: AcuityReason[] = level === "routine" ? [] : [{ rule: `rule-${level}`, level, text: `A reason for ${level}.`, origin: "intake", field: "red-flags", source: { title: "Guidance", url: "https://www.example.org/guidance" } }];
  return { level, reasons, advice: { title: `Advice for ${level}.`, steps: [`First step, ${level}.`, `Second step, ${level}.`] }, emergencyNumber: "112", ...more };
}

// The server

interface Asked {
  method: string;
  path: string;
  body: unknown;
  /** Of the request. */
  headers: Record<string, string>;
}

export type Answer = { status?: number; json?: unknown; binary?: ArrayBuffer; tap?: Tap; headers?: Record<string, string>; never?: boolean; broken?: boolean };
type Route = (asked: Asked) => Answer | unknown;

/** A body that comes in pieces, as it is told to. */
export class Tap {
  private source!: ReadableStreamDefaultController<Uint8Array>;
  readonly stream = new ReadableStream<Uint8Array>({ start: (source) => void (this.source = source) });

  send(bytes: Uint8Array | string): Promise<void> {
    return settled(() => this.source.enqueue(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes));
  }
  /** One server-sent event. */
  event(name: string, data: unknown): Promise<void> {
    return this.send(`id: 1\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  end(): Promise<void> {
    return settled(() => this.quietly(() => this.source.close()));
  }
  /** The connection is lost. */
  breakOff(): Promise<void> {
    return settled(() => this.leave());
  }
  /** Whoever reads has gone. */
  leave(): void {
    this.quietly(() => this.source.error(new TypeError("network error")));
  }
  private quietly(work: () => void): void {
    try {
      work();
    } catch {
      // It had ended already.
    }
  }
}

/** Answers as it was told to. A request that nobody expected fails the test. */
export class ScriptedServer {
  readonly asked: Asked[] = [];
  private readonly routes = new Map<string, Route>();
  private readonly unexpected: string[] = [];

  on(request: string, route: Route): this {
    this.routes.set(request, route);
    return this;
  }

  /** The bodies of all requests to an address. */
  bodies(request: string): unknown[] {
    return this.asked.filter(({ method, path }) => `${method} ${path}` === request).map(({ body }) => body);
  }

  readonly fetch = async (address: string, init: RequestInit = {}): Promise<Response> => {
    const asked: Asked = {
      method: init.method ?? "GET",
      path: address.replace("/api/v1", ""),
      body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
      headers: (init.headers ?? {}) as Record<string, string>,
    };
    this.asked.push(asked);
    const route = this.routes.get(`${asked.method} ${asked.path}`);
    if (!route) {
      this.unexpected.push(`${asked.method} ${asked.path}`);
      throw new TypeError("failed");
    }
    const told = route(asked) as Answer;
    const answer: Answer = told && (typeof told.status === "number" || told.never === true || told.broken === true || told.binary || told.tap) ? told : { json: told };
    if (answer.broken) throw new TypeError("fetch failed");
    if (answer.never) {
      return new Promise((_, reject) =>
        init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))),
      );
    }
    if (answer.tap) {
      init.signal?.addEventListener("abort", () => answer.tap?.leave());
      return new Response(answer.tap.stream, { status: answer.status ?? 200, headers: answer.headers ?? {} });
    }
    if (answer.binary) return new Response(answer.binary, { status: answer.status ?? 200 });
    const body = answer.json === undefined ? null : JSON.stringify(answer.json);
    return new Response(body, { status: answer.status ?? 200, headers: { "X-Request-Id": `r${this.asked.length}`, ...answer.headers } });
  };

  check(): void {
    assert.deepEqual(this.unexpected, [], "requests that nobody expected");
  }
}

export function problem(status: number, code: string, more: object = {}): Answer {
  return { status, json: { type: `/docs/errors.md#${code}`, title: code, status, detail: "The detail.", instance: "req42", code, ...more } };
}

/** The live stream of an analysis. */
export class ScriptedEventSource {
  static all: ScriptedEventSource[] = [];
  static get last(): ScriptedEventSource {
    const last = ScriptedEventSource.all[ScriptedEventSource.all.length - 1];
    assert(last, "no stream was opened");
    return last;
  }
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  private listener: ((event: { data: string }) => void) | null = null;

  constructor(readonly url: string) {
    ScriptedEventSource.all.push(this);
  }
  addEventListener(name: string, listener: (event: { data: string }) => void): void {
    if (name === "state") this.listener = listener;
  }
  close(): void {
    this.closed = true;
  }
  send(data: unknown): Promise<void> {
    return settled(() => this.listener?.({ data: typeof data === "string" ? data : JSON.stringify(data) }));
  }
  fail(): Promise<void> {
    return settled(() => this.onerror?.());
  }
}

/** An upload on its way. */
export class ScriptedXHR {
  static all: ScriptedXHR[] = [];
  static get last(): ScriptedXHR {
    const last = ScriptedXHR.all[ScriptedXHR.all.length - 1];
    assert(last, "nothing was sent");
    return last;
  }
  upload: { onprogress: ((event: { loaded: number }) => void) | null } = { onprogress: null };
  headers: Record<string, string> = {};
  status = 0;
  responseText = "";
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;
  body: unknown;
  address = "";

  constructor() {
    ScriptedXHR.all.push(this);
  }
  method = "";
  aborted = false;
  /** Of the answer. */
  private answering: Record<string, string> = {};

  open(method: string, address: string): void {
    this.method = method;
    this.address = address;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  getResponseHeader(name: string): string | null {
    return this.answering[name] ?? (name === "X-Request-Id" ? "r-upload" : null);
  }
  send(body: unknown): void {
    this.body = body;
  }
  abort(): void {
    this.aborted = true;
    this.onabort?.();
  }
  progress(loaded: number): Promise<void> {
    return settled(() => this.upload.onprogress?.({ loaded }));
  }
  answer(status: number, json: unknown, headers: Record<string, string> = {}): Promise<void> {
    this.status = status;
    this.answering = headers;
    this.responseText = json === undefined ? "" : JSON.stringify(json);
    return settled(() => this.onload?.());
  }
  breakOff(): Promise<void> {
    return settled(() => this.onerror?.());
  }
}

Object.assign(globalThis, { EventSource: ScriptedEventSource, XMLHttpRequest: ScriptedXHR });

/** The request that is sent next, or that is on its way: it must be of this method. */
export async function onItsWay(method: string, after: number = 0): Promise<ScriptedXHR> {
  await until(() => ScriptedXHR.all.length > after && ScriptedXHR.last.status === 0 && !ScriptedXHR.last.aborted, `${method} is sent`);
  assert.equal(ScriptedXHR.last.method, method);
  return ScriptedXHR.last;
}

/** A clock that stands still until it is told to go on. */
export class ScriptedClock {
  now = 0;
  private waiting: { at: number; work: () => void }[] = [];

  readonly after: After = (milliseconds, work) => {
    const entry = { at: this.now + milliseconds, work };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  };

  /** Milliseconds to each wait that isn't over. */
  get waits(): number[] {
    return this.waiting.map(({ at }) => at - this.now).sort((a, b) => a - b);
  }

  async pass(milliseconds: number): Promise<void> {
    this.now += milliseconds;
    const due = this.waiting.filter(({ at }) => at <= this.now);
    this.waiting = this.waiting.filter(({ at }) => at > this.now);
    await settled(() => due.forEach(({ work }) => work()));
  }
}

let server = new ScriptedServer();
let root: Root | null = null;

export function scripted(): ScriptedServer {
  // Every page of a session asks how urgent it is, and that of the picture which uploads are open.
  server = new ScriptedServer().on("GET /acuity", () => acuity()).on("GET /uploads/tus", () => ({ receptions: [] }));
  Object.assign(globalThis, { fetch: server.fetch });
  return server;
}

afterEach(async () => {
  await settled(() => root?.unmount());
  root = null;
  window.history.replaceState(null, "", "/");
  ScriptedEventSource.all = [];
  ScriptedXHR.all = [];
  server.check();
});

// The page

/** Lets React finish what `work` sets off. */
export async function settled(work: () => unknown = () => undefined): Promise<void> {
  await act(async () => {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
}

/** Waits for something to become true. */
export async function until(condition: () => unknown, what = String(condition)): Promise<void> {
  const end = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > end) assert.fail(`It never came to this: ${what}. The page says: ${text()}`);
    await settled();
  }
}

export async function show(page: ReactNode, path = "/"): Promise<void> {
  window.history.replaceState(null, "", path);
  const place = document.getElementById("root");
  assert(place);
  await settled(() => root?.unmount());
  root = createRoot(place);
  await settled(() => root?.render(page));
}

/** A page with the limits loaded and, unless told otherwise, a session open. */
export async function showInside(page: ReactNode, path = "/", known: Limits = limits as Limits): Promise<void> {
  server.on("GET /session", () => session);
  const loaded = { state: "ready", data: known, problem: undefined, reload: () => undefined, replace: () => undefined } as const;
  await show(
    <LimitsContext.Provider value={loaded}>
      <SessionProvider>
        <AcuityProvider>{page}</AcuityProvider>
      </SessionProvider>
    </LimitsContext.Provider>,
    path,
  );
}

// Eyes

export function text(within: Element = document.body): string {
  return (within.textContent ?? "").replace(/\s+/g, " ").trim();
}

export function all<E extends Element = HTMLElement>(selector: string): E[] {
  return [...document.querySelectorAll<E>(selector)];
}

export function one<E extends Element = HTMLElement>(selector: string): E {
  const found = all<E>(selector);
  assert.equal(found.length, 1, `${found.length} of ${selector}. The page says: ${text()}`);
  return found[0] as E;
}

function nameOf(element: Element): string {
  const labelled = element.getAttribute("aria-labelledby");
  return element.getAttribute("aria-label") ?? text((labelled && document.getElementById(labelled)) || element);
}

/** The button or link of this name. */
export function control(name: string | RegExp): HTMLElement {
  const found = all("button, a").filter((element) =>
    typeof name === "string" ? nameOf(element) === name : name.test(nameOf(element)),
  );
  assert.equal(found.length, 1, `${found.length} controls named ${name}: ${all("button, a").map(nameOf).join(" | ")}`);
  return found[0] as HTMLElement;
}

export function hasControl(name: string): boolean {
  return all("button, a").some((element) => nameOf(element) === name);
}

/** The input whose label begins with this. */
export function field<E extends HTMLElement = HTMLInputElement>(label: string): E {
  const found = all<HTMLLabelElement>("label").find((element) => text(element).startsWith(label));
  assert(found, `no field "${label}". There are: ${all("label").map((element) => text(element)).join(" | ")}`);
  const target = found.htmlFor ? document.getElementById(found.htmlFor) : found.querySelector("input");
  assert(target, `the label "${label}" has no field`);
  return target as E;
}

export function alerts(): string {
  return all("[role=alert]").map((element) => text(element)).join(" / ");
}

// Hands

export function click(element: HTMLElement): Promise<void> {
  return settled(() => element.click());
}

export function press(name: string | RegExp): Promise<void> {
  return click(control(name));
}

export function type(element: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string): Promise<void> {
  return settled(() => {
    const kind = element instanceof HTMLTextAreaElement ? HTMLTextAreaElement : element instanceof HTMLSelectElement ? HTMLSelectElement : HTMLInputElement;
    // React keeps its own account of the value; the browser's setter tells it nothing.
    Object.getOwnPropertyDescriptor(kind.prototype, "value")?.set?.call(element, value);
    element.dispatchEvent(new Event(element instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
  });
}

/** Runs something during which React complains about the errors that it is about. */
export async function whileSilent(work: () => Promise<void>): Promise<void> {
  const complain = console.error;
  console.error = () => undefined;
  const swallow = (event: Event) => event.preventDefault();
  window.addEventListener("error", swallow);
  try {
    await work();
  } finally {
    console.error = complain;
    window.removeEventListener("error", swallow);
  }
}
