import { lastRequestId } from "../http";

/**
 * `POST /client-errors`. Nothing of the record goes with it: what is quoted in a message, and numbers, may have been typed
 * by a person and are left out; of the stack only the lines that name code go, and ids in the path don't. The server takes
 * even less: of a message its form, where it is one that it knows.
 */
export function reportClientError(error: unknown, component: "app" | "part" | "window" | "promise", componentStack?: string): void {
  const known = error instanceof Error ? error : new Error(String(error));
  const body = {
    name: known.name.slice(0, 60),
    message: masked(known.message),
    component,
    stack: frames(`${known.stack ?? ""}\n${componentStack ?? ""}`),
    requestId: lastRequestId() ?? undefined,
    path: window.location.pathname.replace(/\/[^/]*\d[^/]*/g, "/:id"),
  };
  // A report that can't be sent is not worth another error.
  void fetch("/api/v1/client-errors", {
    method: "POST",
    credentials: "same-origin",
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => undefined);
}

export function masked(message: string): string {
  return message
    .slice(0, 2000)
    .replace(/["“”„«»`][^"“”„«»`]*["“”«»`]?/g, "…")
    .replace(/(^|[^A-Za-z])'[^']*('|$)/g, "$1…")
    .replace(/\d+/g, "#")
    .slice(0, 200);
}

/** The lines of a stack that name code: Chromium's begin with `at`, the others' have the function before `@`. */
export function frames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => /^\s*at \S/.test(line) || /^[\w.$/<]*@\S+:\d+:\d+$/.test(line))
    .join("\n")
    .slice(0, 4000);
}
