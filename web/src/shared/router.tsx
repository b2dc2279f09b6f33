import { useEffect, useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent, type RefObject, type ReactNode } from "react";

/** A page of the app, read from the address. */
export type Route =
  | { page: "welcome" }
  /** `topic` is the id of a topic, `check` for all answers, or null for the first topic. */
  | { page: "history"; topic: string | null }
  | { page: "picture" }
  | { page: "received"; uploadId: string }
  | { page: "analysis"; analysisId: string }
  | { page: "record" }
  /** What was done with the record. */
  | { page: "access-log" }
  /** A conversation with the assistant, or null for a new one. */
  | { page: "assistant"; conversationId: string | null }
  | { page: "erased" }
  | { page: "unknown" };

export const paths = {
  welcome: "/",
  history: "/history",
  topic: (topic: string) => `/history/${encodeURIComponent(topic)}`,
  picture: "/picture",
  received: (uploadId: string) => `/picture/${encodeURIComponent(uploadId)}`,
  analysis: (analysisId: string) => `/analyses/${encodeURIComponent(analysisId)}`,
  /** What the assistant is told. */
  record: "/record",
  /** What was done with the record. */
  accessLog: "/access-log",
  /** To ask it something. */
  assistant: "/assistant",
  conversation: (conversationId: string) => `/assistant/${encodeURIComponent(conversationId)}`,
  erased: "/erased",
} as const;

export function routeOf(pathname: string): Route {
  const [first = "", second, ...rest] = pathname.split("/").filter(Boolean).map(decoded);
  if (rest.length > 0) return { page: "unknown" };
  if (second !== undefined) {
    if (first === "history") return { page: "history", topic: second };
    if (first === "picture") return { page: "received", uploadId: second };
    if (first === "analyses") return { page: "analysis", analysisId: second };
    if (first === "assistant") return { page: "assistant", conversationId: second };
    return { page: "unknown" };
  }
  switch (first) {
    case "":
      return { page: "welcome" };
    case "history":
      return { page: "history", topic: null };
    case "assistant":
      return { page: "assistant", conversationId: null };
    case "picture":
    case "record":
    case "access-log":
    case "erased":
      return { page: first };
    default:
      return { page: "unknown" };
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const changed = "lightbox:navigated";

/** Goes to a page of the app. `state` stays with the entry in the browser's history, also over a reload. */
export function navigate(path: string, options: { replace?: boolean; state?: unknown } = {}): void {
  if (options.replace) window.history.replaceState(options.state ?? null, "", path);
  else window.history.pushState(options.state ?? null, "", path);
  window.dispatchEvent(new Event(changed));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(changed, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(changed, listener);
  };
}

export function usePathname(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { to: string; children: ReactNode };

/** A link inside the app. Opening it in a new tab works as with any link. */
export function Link({ to, children, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a {...rest} href={to} onClick={follow}>
      {children}
    </a>
  );
}

let arrived = false;
/** The heading that the focus should go to isn't there yet. */
let awaited = false;

/**
 * Names the tab, and moves the focus to the page's heading so that a screen reader starts there.
 *
 * @param page whatever differs from page to page: its address, or less where a page has several.
 */
export function usePageFocus(title: string, page: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    // The first page keeps the browser's own focus.
    if (!arrived) {
      arrived = true;
      return;
    }
    window.scrollTo?.(0, 0);
    const heading = document.querySelector<HTMLElement>("h1[tabindex]");
    awaited = !heading;
    heading?.focus({ preventScroll: true });
  }, [page]);
}

/** For how many milliseconds a part that the address names is waited for. */
const patience = 10_000;

/**
 * Goes to the part of the page that the address names, `#question-age` or `#finding-effusion`, as soon as it is there.
 * Whoever does something meanwhile isn't taken away from it.
 */
export function useAddressedPart(pathname: string): void {
  useEffect(() => {
    const id = decoded(window.location.hash.slice(1));
    if (!id) return;
    const go = () => {
      const part = document.getElementById(id);
      if (!part) return;
      stop();
      // After the heading has had the focus.
      setTimeout(() => {
        const control = part.matches("fieldset") ? part.querySelector<HTMLElement>("input, select, button") : null;
        if (!control && !part.hasAttribute("tabindex") && !part.matches("input, select, textarea, button, a")) part.tabIndex = -1;
        (control ?? part).focus({ preventScroll: true });
        part.scrollIntoView?.({ block: "start" });
      }, 0);
    };
    const observer = new MutationObserver(go);
    const timer = setTimeout(() => stop(), patience);
    const stop = () => {
      clearTimeout(timer);
      observer.disconnect();
      for (const event of ["pointerdown", "keydown"]) window.removeEventListener(event, stop);
    };
    for (const event of ["pointerdown", "keydown"]) window.addEventListener(event, stop);
    observer.observe(document.body, { childList: true, subtree: true });
    go();
    return stop;
  }, [pathname]);
}

/** For a heading that may come after its page, when what it says was read from the server. */
export function useLateHeading(heading: RefObject<HTMLElement>, title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = title;
  }, [title]);
  useEffect(() => {
    if (awaited) heading.current?.focus({ preventScroll: true });
    awaited = false;
  }, [heading]);
}
