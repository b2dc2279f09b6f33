import { en } from "./en";
import type { LateTexts } from "./late";

/** Every text of the page, in the shape of the English ones: a language that lacks one doesn't compile. */
export type Texts = typeof en;

/** A language that the page can be read in. */
export interface Language {
  /** BCP 47. */
  code: string;
  /** What those who speak it call it. */
  name: string;
  direction: "ltr" | "rtl";
  load: () => Promise<Texts>;
  /** The texts of late steps; those in English come with the steps. */
  loadLate?: () => Promise<LateTexts>;
}

const english: Language = { code: "en", name: "English", direction: "ltr", load: async () => en };

/** To add a language: files like `de.ts` and `late.de.ts`, and a line here. */
export const languages: readonly Language[] = [
  english,
  {
    code: "de",
    name: "Deutsch",
    direction: "ltr",
    load: async () => (await import("./de")).de,
    loadLate: async () => (await import("./late.de")).late,
  },
];

/** The texts in the language of this page. They change only before anything is shown. */
export let texts: Texts = en;
/** BCP 47. */
export let language = english.code;
export let direction = english.direction;

const key = "lightbox:language";

/** The language that was chosen, else the first that the browser asks for and there is, else English. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages ?? []): Language {
  const [saved, ...others] = [remembered(), ...wanted].map((tag) => languages.find(({ code }) => fits(code, tag)));
  return saved ?? others.find(Boolean) ?? english;
}

/** Whether a language is the one that a tag names, also for a region: `de` is for `de-AT`. */
function fits(code: string, tag: string): boolean {
  const [one, other] = [code.toLowerCase(), tag.toLowerCase()];
  return other === one || other.startsWith(`${one}-`);
}

function remembered(): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** Reads the texts. It must have ended before anything is imported that shows some. What can't be read is English. */
export async function loadTexts(wanted: Language = preferredLanguage()): Promise<void> {
  try {
    texts = await wanted.load();
    ({ code: language, direction } = wanted);
  } catch {
    // The page in English is better than none.
  }
  document.documentElement.lang = language;
  document.documentElement.dir = direction;
}

/** Remembers the language for the next time, and loads the page anew in it. What was answered is kept. */
export function chooseLanguage(code: string, reload = () => window.location.reload()): void {
  try {
    localStorage.setItem(key, code);
  } catch {
    // Then the browser's own languages decide, as before.
  }
  reload();
}

/** The `lang` of words that come from the server: it speaks English, whatever the page speaks. */
export function serverLang(): "en" | undefined {
  return language === english.code ? undefined : "en";
}
