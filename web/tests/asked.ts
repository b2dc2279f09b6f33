/** A topic, a question or a column of a list, as the source of the questionnaire declares it. */
export interface Asked {
  /** The link id: a column is `list.column`. */
  id: string;
  /** Whether it has a help or a lead. */
  help: boolean;
  /** The codes of its own options. */
  options: string[];
}

/** A bracket that is open, and what it belongs to. */
interface Open {
  kind: string;
  item?: Asked;
}

const token = /\/\/.*|\b(Topic|Question|Option)\(|"((?:\\.|[^"\\])*)"|[()]|\b(?:help|lead): |\.(unknown|declined)\b/g;

/** What `engine/Sources/Domain/ClinicIntake.swift` asks, read by its brackets. */
export function asked(swift: string): Asked[] {
  const found: Asked[] = [];
  const open: Open[] = [];
  for (const [whole, kind, string, shared] of swift.matchAll(token)) {
    const top = open[open.length - 1];
    const around = [...open].reverse().filter(({ item }) => item);
    if (kind === "Option") open.push({ kind });
    else if (kind) {
      const item = { id: "", help: false, options: [] };
      found.push(item);
      open.push({ kind, item });
    } else if (whole === "(") open.push({ kind: "" });
    else if (whole === ")") open.pop();
    else if (whole === "help: " || whole === "lead: ") around[0]!.item!.help = true;
    else if (shared) around[0]?.item?.options.push(shared);
    else if (string !== undefined && top?.kind === "Option") {
      around[0]?.item?.options.push(string);
      // What follows is the option's words.
      top.kind = "";
    } else if (string !== undefined && top?.item?.id === "") {
      const list = around[1];
      top.item.id = list?.kind === "Question" ? `${list.item?.id}.${string}` : string;
    }
  }
  return found;
}
