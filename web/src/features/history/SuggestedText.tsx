import { useEffect, useState } from "react";
import { texts } from "../../shared/texts";
import type { ControlAttributes, InnerProps } from "./field";

const words = texts.history;
const most = 12;

/** Terms by vocabulary, read once for all fields. */
const read = new Map<string, Promise<string[]>>();

/** The terms of a vocabulary; none where it can't be had, because the field works without. */
async function terms(name: string): Promise<string[]> {
  const known = read.get(name) ?? load(name);
  read.set(name, known);
  try {
    return await known;
  } catch {
    // The next field asks again.
    read.delete(name);
    return [];
  }
}

async function load(name: string): Promise<string[]> {
  const answer = await fetch(`/vocabularies/${encodeURIComponent(name)}.txt`);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return (await answer.text()).split("\n").filter(Boolean);
}

/** The terms that fit what was typed: first those that begin with it, then those with a word that does. */
export function suggestions(all: readonly string[], typed: string): string[] {
  const wanted = folded(typed.trim());
  if (wanted.length < 2) return [];
  const first = all.filter((term) => folded(term).startsWith(wanted));
  const later = all.filter((term) => !first.includes(term) && folded(term).split(/[\s(/,-]+/).some((word) => word.startsWith(wanted)));
  return [...first, ...later].slice(0, most);
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** A line of text for which the browser suggests terms of a vocabulary. Any other text is taken too. */
export function SuggestedText({ item, value, onChange, control }: InnerProps & { control: ControlAttributes }) {
  const [draft, setDraft] = useState(typeof value === "string" ? value : "");
  const [wanted, setWanted] = useState(false);
  const [all, setAll] = useState<string[]>([]);
  const vocabulary = item.answerValueSet?.split(":").pop();
  const list = `${control.id}-terms`;
  const max = item.maxLength;

  useEffect(() => {
    if (!wanted || !vocabulary) return;
    let gone = false;
    void terms(vocabulary).then((found) => {
      if (!gone) setAll(found);
    });
    return () => {
      gone = true;
    };
  }, [wanted, vocabulary]);

  const change = (text: string) => {
    setDraft(text);
    if (text.trim() === "") return onChange(null);
    if (max !== undefined && [...text.trim()].length > max) return onChange(null, words.tooLong(max));
    onChange(text);
  };
  return (
    <>
      <input
        {...control}
        type="text"
        dir="auto"
        list={list}
        autoComplete="off"
        value={draft}
        onFocus={() => setWanted(true)}
        onChange={(event) => change(event.target.value)}
      />
      <datalist id={list}>
        {suggestions(all, draft).map((term) => (
          <option key={term} value={term} />
        ))}
      </datalist>
    </>
  );
}
