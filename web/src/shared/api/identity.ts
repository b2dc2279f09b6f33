export type IdentityField = "name" | "sex" | "age" | "birth-date" | "study-date";

/** What was told beside what the file says. */
export interface IdentityRow {
  field: IdentityField;
  told?: string | null;
  file?: string | null;
  /** `questioned`: possible, but somebody has to ask. `unknown`: one of the two isn't known. */
  agreement: "agrees" | "differs" | "questioned" | "unknown";
}

/** Whether a picture belongs to the person of the history. A file without a header has no rows. */
export interface Identity {
  rows: IdentityRow[];
  /** The differences that somebody has looked at. */
  confirmed: IdentityField[];
}

export function differencesOf(identity: Identity | null | undefined): IdentityRow[] {
  return identity?.rows.filter(({ agreement }) => agreement === "differs") ?? [];
}

/** What has to be asked, though nothing contradicts it: a picture that isn't new. */
export function questionsOf(identity: Identity | null | undefined): IdentityRow[] {
  return identity?.rows.filter(({ agreement }) => agreement === "questioned") ?? [];
}
