import { answerEvent, getConversation, stopAnswer, streamAnswer, type AnswerEvent, type Conversation, type Wish } from "../../shared/api/assistant";
import { after as wait, type After } from "../../shared/clock";
import { answered, isAbort } from "../../shared/http";
import { asProblem, Problem, problemOf } from "../../shared/problem";
import { heard, isBusy, unopened, type ChatState, type Fault } from "./chatState";

interface ChatOptions {
  /** An answer has ended: it may have changed how urgent it is, and the conversation's title. */
  onAnswered: () => void;
  after?: After;
}

/**
 * One conversation with the server while its page is open. An answer that was begun is followed to its end over lost
 * connections and reloads; leaving the page doesn't stop it.
 */
export class Chat {
  private state: ChatState = unopened;
  private readonly listeners = new Set<() => void>();
  private readonly closed = new AbortController();
  /** Ends what is being read now. */
  private reading = new AbortController();
  private lastEventId: string | null = null;
  /** A question that may have arrived though its connection broke, and what was there before it. */
  private doubtful: { text: string; known: Set<string> } | null = null;
  private readonly after: After;

  constructor(readonly id: string, private readonly options: ChatOptions) {
    this.after = options.after ?? wait;
  }

  readonly read = (): ChatState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Reads the conversation, and follows the answer that is being written. */
  async open(): Promise<void> {
    this.change({ unread: null });
    try {
      await this.load();
    } catch (error) {
      if (!this.closed.signal.aborted) this.change({ unread: asProblem(error) });
      return;
    }
    if (this.state.conversation?.answering) await this.follow();
  }

  close(): void {
    this.closed.abort();
    this.reading.abort();
  }

  /**
   * Asks, and hears the answer to its end.
   *
   * @param replaces the question that is asked again; it and all after it are removed.
   * @param onBegun the server has the question.
   */
  async ask(text: string, replaces: string | null = null, onBegun: () => void = () => undefined): Promise<void> {
    if (isBusy(this.state) || !this.state.conversation) return;
    this.change({ pending: { text, replaces }, fault: null });
    try {
      if (await this.hasArrived(text)) {
        onBegun();
        return this.state.conversation.answering ? await this.follow() : this.end();
      }
    } catch (error) {
      return this.fail("ask", asProblem(error), { text, replaces });
    }
    this.doubtful = { text, known: this.known() };
    await this.converse({ text, replaces }, "ask", onBegun);
  }

  /** Asks for the newest answer again. */
  async regenerate(): Promise<void> {
    if (isBusy(this.state) || !this.state.conversation) return;
    this.change({ regenerating: true, fault: null });
    await this.converse("regenerate", "regenerate");
  }

  /** Stops the answer, here and at the model. */
  async stop(): Promise<void> {
    if (this.state.stopping) return;
    this.change({ stopping: true, fault: null });
    try {
      const answer = await stopAnswer(this.id);
      if (answer) this.hear({ name: "done", answer });
      else await this.load();
      this.change({ stopping: false });
    } catch (error) {
      this.change({ stopping: false, fault: { of: "stop", problem: asProblem(error) } });
    }
  }

  private async converse(wish: Wish, of: Fault["of"], onBegun: () => void = () => undefined): Promise<void> {
    this.lastEventId = null;
    let begun = false;
    const begin = () => {
      if (begun) return;
      begun = true;
      this.doubtful = null;
      onBegun();
    };
    try {
      if (await this.listen(wish, begin)) return;
      if (!begun) throw new Problem("network");
    } catch (error) {
      if (this.closed.signal.aborted) return;
      const problem = asProblem(error);
      if (!begun && (await this.isTakenOver(wish, problem))) begin();
      if (!begun) {
        return this.fail(of, problem, wish);
      }
    }
    if (this.state.conversation?.answering) await this.follow();
  }

  private fail(of: Fault["of"], problem: Problem, wish: Wish): void {
    const again = typeof wish === "object" && wish.replaces !== null ? { again: { text: wish.text, replaces: wish.replaces } } : {};
    this.change({ pending: null, regenerating: false, fault: { of, problem, ...again } });
  }

  /** Whether an answer is being written all the same: the connection broke too early, or another tab has asked. */
  private async isTakenOver(wish: Wish, problem: Problem): Promise<boolean> {
    if (problem.code === "answer-in-progress") {
      await this.load().catch(() => undefined);
      if (this.state.conversation?.answering) void this.follow();
      return false;
    }
    if (problem.code !== "network") {
      this.doubtful = null;
      return false;
    }
    if (typeof wish === "object") return this.hasArrived(wish.text).catch(() => false);
    await this.load().catch(() => undefined);
    return Boolean(this.state.conversation?.answering);
  }

  /**
   * Whether a question whose connection broke is with the server, so that it isn't asked twice.
   *
   * @throws {Problem} when that can't be found out.
   */
  private async hasArrived(text: string): Promise<boolean> {
    const { doubtful } = this;
    if (doubtful?.text !== text) return false;
    const now = await getConversation(this.id, this.closed.signal);
    if (!now.items.some((item) => item.role === "person" && item.text.trim() === text.trim() && !doubtful.known.has(item.id))) return false;
    this.doubtful = null;
    this.take(now);
    return true;
  }

  /** Follows the answer that is being written until it has ended, however often the connection is lost. */
  private async follow(): Promise<void> {
    for (let tries = 0; !this.closed.signal.aborted; tries += 1) {
      if (tries > 0) await this.pause(Math.min(500 * 2 ** (tries - 1), 8000));
      try {
        if (await this.listen("follow")) return;
        await this.load();
        if (!this.state.conversation?.answering) return this.end();
      } catch (error) {
        if (this.closed.signal.aborted || !this.state.conversation?.answering) return;
        const problem = asProblem(error);
        if (!problem.passes) return this.change({ lost: false, fault: { of: "answer", problem } });
        this.change({ lost: true });
      }
    }
  }

  /** Reads one stream. Returns whether the answer has ended in it. */
  private async listen(wish: Wish, onBegun: () => void = () => undefined): Promise<boolean> {
    const reading = (this.reading = new AbortController());
    if (this.closed.signal.aborted) reading.abort();
    let ended = false;
    try {
      await streamAnswer(this.id, wish, {
        lastEventId: wish === "follow" ? this.lastEventId : null,
        signal: reading.signal,
        onEvent: (event) => {
          this.lastEventId = event.id ?? this.lastEventId;
          const told = answerEvent(event);
          if (!told || ended) return;
          if (told.name === "begin") onBegun();
          ended = told.name === "done" || told.name === "problem";
          this.hear(told);
        },
      });
    } catch (error) {
      // It was stopped, or its end came before the connection broke.
      if (ended || (isAbort(error) && !this.closed.signal.aborted)) return true;
      throw error;
    }
    return ended;
  }

  private hear(event: AnswerEvent): void {
    if (this.state.conversation === null) return;
    if (event.name === "problem") return void this.giveUp(event.problem);
    const conversation = heard(this.state.conversation, event);
    const begins = event.name === "begin" ? { pending: null, regenerating: false, tokens: 0 } : {};
    const tokens = event.name === "writing" ? { tokens: event.tokens } : {};
    this.change({ conversation, lost: false, ...begins, ...tokens });
    if (event.name === "done") this.end();
  }

  /** The server has given up on an answer. What it has kept is read again. */
  private async giveUp(told: { status?: number } & Record<string, unknown>): Promise<void> {
    const problem = problemOf(told.status ?? 500, JSON.stringify(told), null);
    if (problem.status === 401) answered({ method: "GET", path: `/conversations/${this.id}/events`, status: 401, requestId: problem.requestId });
    this.change({ pending: null, regenerating: false, fault: { of: "answer", problem } });
    await this.load().catch(() => undefined);
    this.end();
  }

  private end(): void {
    this.reading.abort();
    this.lastEventId = null;
    this.change({ pending: null, regenerating: false, tokens: 0, lost: false });
    this.options.onAnswered();
  }

  private async load(): Promise<void> {
    this.take(await getConversation(this.id, this.closed.signal));
  }

  private take(conversation: Conversation): void {
    this.change({ conversation, unread: null, pending: null, regenerating: false, lost: false });
  }

  private known(): Set<string> {
    return new Set(this.state.conversation?.items.map(({ id }) => id));
  }

  /** Waits; less where the browser says that there is a connection again, or that the page is looked at. */
  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        callOff();
        window.removeEventListener("online", go);
        document.removeEventListener("visibilitychange", go);
        this.closed.signal.removeEventListener("abort", go);
        resolve();
      };
      const callOff = this.after(milliseconds, go);
      window.addEventListener("online", go);
      document.addEventListener("visibilitychange", go);
      this.closed.signal.addEventListener("abort", go);
    });
  }

  private change(part: Partial<ChatState>): void {
    if (this.closed.signal.aborted) return;
    this.state = { ...this.state, ...part };
    for (const listener of [...this.listeners]) listener();
  }
}
