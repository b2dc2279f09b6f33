/** What would turn the direction of the words around it, or doesn't show at all. */
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Words without the characters that could make others read wrongly. */
export function shownText(text: string): string {
  return text.replace(unseen, "");
}
