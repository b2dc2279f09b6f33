import type { ReportPaper } from "../../shared/api/reports";

/** Where people print on Letter. Source: Unicode CLDR, supplemental data, `paperSize`. */
const letter = new Set(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]);

/** The paper of the first region that the browser's languages name; without one it is A4. */
export function usualPaper(tags: readonly string[] = navigator.languages ?? []): ReportPaper {
  const regions = tags.map((tag) => /-([A-Z]{2})(?:-|$)/i.exec(tag)?.[1]?.toUpperCase());
  return letter.has(regions.find(Boolean) ?? "") ? "letter" : "a4";
}
