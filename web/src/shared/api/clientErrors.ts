import { lastRequestId } from "../http";

/**
 * `POST /client-errors`. Nothing of the record goes with it: the message and the stack name code, and ids in the path
 * are taken out.
 */
export function reportClientError(error: unknown, component: string, componentStack?: string): void {
  const known = error instanceof Error ? error : new Error(String(error));
  const body = {
    message: `${known.name}: ${known.message}`.slice(0, 500),
    component,
    stack: `${known.stack ?? ""}${componentStack ?? ""}`.slice(0, 4000),
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
