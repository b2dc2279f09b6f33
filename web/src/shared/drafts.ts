/**
 * What was typed and isn't sent, by conversation. It lives as long as the page, and no longer than its session: nothing
 * of it stays on the device.
 */
let owner = "";
let texts = new Map<string, string>();

function of(session: string): Map<string, string> {
  if (session !== owner) [owner, texts] = [session, new Map()];
  return texts;
}

export const drafts = {
  read(session: string, conversation: string): string {
    return of(session).get(conversation) ?? "";
  },

  write(session: string, conversation: string, text: string): void {
    if (text === "") of(session).delete(conversation);
    else of(session).set(conversation, text);
  },

  forgetAll(): void {
    [owner, texts] = ["", new Map()];
  },
};
