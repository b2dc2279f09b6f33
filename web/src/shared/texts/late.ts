import { language, languages } from "./index";
import { lateEnglish } from "./late.en";

/** In the shape of the English ones. */
export type LateTexts = typeof lateEnglish;

/** The texts of late steps, in the language of this page once they are loaded. */
export let lateTexts: LateTexts = lateEnglish;

/** It must have ended before a late step is imported. What can't be read is English. */
export async function loadLateTexts(code: string = language): Promise<void> {
  try {
    lateTexts = (await languages.find((other) => other.code === code)?.loadLate?.()) ?? lateEnglish;
  } catch {
    // As with the texts of the page.
  }
}
