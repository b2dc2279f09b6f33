import type { Patch } from "./intake";

const key = "lightbox:unsaved-answers";

/**
 * What was answered and isn't saved yet, so that a reload without a connection loses nothing. It lives as long as the
 * tab, so that nothing stays behind on a shared computer.
 */
export const unsaved = {
  read(session: string): Patch {
    try {
      const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
      if (typeof stored !== "object" || stored === null) return {};
      const { session: owner, patch } = stored as { session?: unknown; patch?: unknown };
      return owner === session && typeof patch === "object" && patch !== null ? (patch as Patch) : {};
    } catch {
      return {};
    }
  },

  write(session: string, patch: Patch): void {
    try {
      if (Object.keys(patch).length === 0) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify({ session, patch }));
    } catch {
      // Without storage the answers live as long as the page.
    }
  },
};
