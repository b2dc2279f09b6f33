import type { AccessEntry, AuditAction } from "../../shared/api/accessLog";
import { lateTexts } from "../../shared/texts/late";

const words = lateTexts.accessLog;

/** Who did it: the person, the program, or an operator by name and role. */
export function whoOf({ actor, name, role }: AccessEntry): string {
  if (actor !== "operator") return words.actors[actor];
  const as = words.roles[role ?? ""] ?? role;
  if (name === undefined || name === "operator") return words.actors.operator;
  return as ? `${name} (${as})` : name;
}

/** What was done. An action that this page doesn't know yet is named as the server names it. */
export function actionOf({ event }: AccessEntry): string {
  return words.actions[event as AuditAction] ?? event;
}

/** On which thing: its kind and the end of its id, which tells it from others. Empty where that says nothing. */
export function subjectOf({ subject }: AccessEntry): string {
  const [kind = "", rest = ""] = (subject ?? "").split(/:(.*)/s);
  if (kind === "more") return words.moreTries(Number(rest) || 0);
  const [id = "", format] = rest.split(" ");
  const named = words.subjects[kind];
  if (!named || !id) return "";
  return `(${named} …${id.slice(-6)}${format && kind === "report" ? `, ${format.toUpperCase()}` : ""})`;
}
