/**
 * Which file each upload of this session was begun with, so that the same file goes on where it stopped, also after a
 * reload or a closed tab. A file is known by a print of its first and last 64 KiB, its name, size and date: of the name
 * nothing else is kept. It is forgotten with the session.
 */
const key = "lightbox:stopped-uploads";
const edge = 65_536;

type Prints = Record<string, string>;

function read(session: string): Prints {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? "null") as { session?: unknown; prints?: unknown } | null;
    return stored?.session === session && typeof stored.prints === "object" && stored.prints !== null ? (stored.prints as Prints) : {};
  } catch {
    return {};
  }
}

function write(session: string, prints: Prints): void {
  try {
    if (Object.keys(prints).length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ session, prints }));
  } catch {
    // Without storage an upload that was stopped has to be begun anew.
  }
}

export const stopped = {
  /** The print of the file that a reception was begun with. */
  printOf(session: string, reception: string): string | undefined {
    return read(session)[reception];
  },
  remember(session: string, reception: string, print: string): void {
    write(session, { ...read(session), [reception]: print });
  },
  forget(session: string, reception: string): void {
    const { [reception]: _, ...others } = read(session);
    write(session, others);
  },
  forgetAll(): void {
    write("", {});
  },
};

/** What a file is known by. Rejects when it can't be read. */
export async function printOf(file: File): Promise<string> {
  const facts = new TextEncoder().encode([file.name, file.size, file.lastModified].join("\n"));
  const parts = await Promise.all([file.slice(0, edge), file.slice(Math.max(0, file.size - edge))].map((part) => part.arrayBuffer()));
  return hash([facts, ...parts.map((part) => new Uint8Array(part))]);
}

/** 53 bits of no cryptographic strength (cyrb53): it tells files apart, and works where `crypto.subtle` is missing. */
function hash(parts: Uint8Array[]): string {
  let one = 0xdeadbeef;
  let two = 0x41c6ce57;
  for (const part of parts) {
    for (const byte of part) {
      one = Math.imul(one ^ byte, 2654435761);
      two = Math.imul(two ^ byte, 1597334677);
    }
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return ((two >>> 0) * 2 ** 21 + ((one >>> 0) >>> 11)).toString(36);
}
