import { lazily } from "../shared/lazily";

/** Late steps take their texts when they are imported, as all of the page does: the texts come first. */
async function withTexts<Step>(load: () => Promise<Step>): Promise<Step> {
  const { loadLateTexts } = await import("../shared/texts/late");
  await loadLateTexts();
  return load();
}

const report = () => withTexts(() => import("./ReportStep"));

export const accessLogStep = lazily(async () => (await withTexts(() => import("./AccessLogStep"))).AccessLogPage);
export const assistantStep = lazily(async () => (await import("./AssistantStep")).AssistantStep);
export const pictureStep = lazily(async () => (await withTexts(() => import("./PictureStep"))).PictureStep);
export const readingFirst = lazily(async () => (await report()).ReadingFirst);
export const readingBeside = lazily(async () => (await report()).ReadingBeside);
export const reportsPane = lazily(async () => (await report()).ReportsPane);
