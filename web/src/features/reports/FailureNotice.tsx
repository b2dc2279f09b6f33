import { failureOf } from "../../shared/api/reports";
import type { Problem } from "../../shared/problem";
import { lateTexts } from "../../shared/texts/late";
import { ProblemNotice } from "../../shared/ui/Notice";

const words = lateTexts.reports;

/** A problem, and which part of the server's work it was. */
export function FailureNotice({ problem, title }: { problem: Problem; title: string }) {
  const what = words.failed[failureOf(problem).failed ?? ""];
  return <ProblemNotice problem={problem} title={what ? `${title}. ${what}` : title} />;
}
