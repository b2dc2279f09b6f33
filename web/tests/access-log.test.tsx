import { all, alerts, hasControl, limits, now, one, press, problem, scripted, show, showInside, text, until } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MaintenanceNotice } from "../src/app/MaintenanceNotice";
import { Pages } from "../src/app/Pages";
import { AccessLogPage } from "../src/features/access-log/AccessLogPage";
import { EntryList } from "../src/features/access-log/EntryList";
import { OpenedNotice } from "../src/features/access-log/OpenedNotice";
import { auditActions, type AccessEntry } from "../src/shared/api/accessLog";
import { lateEnglish } from "../src/shared/texts/late.en";
import { late as lateGerman } from "../src/shared/texts/late.de";

const entry = (number: number, more: Partial<AccessEntry> = {}): AccessEntry => ({
  number, at: now, actor: "person", event: "history-changed", outcome: "done", request: "r", ...more,
});
const opened = entry(9, { actor: "operator", name: "Dr. Lee", role: "clinician", event: "record-opened", subject: "grant:01-abcdef", reason: "Unconscious, no history <b>told</b>" });
const told = () => all(".access-what").map((element) => text(element));

describe("What was done with the record", () => {
  test("is told in plain words: who, what, and on which thing", async () => {
    scripted();
    await show(
      <EntryList
        entries={[
          entry(5, { event: "report-downloaded", subject: "report:0192-aaaaaa pdf" }), entry(4, { actor: "system", event: "report-made", subject: "report:0192-aaaaaa" }),
          entry(3, { outcome: "refused" }), entry(2, { event: "access-denied", subject: "more:12", outcome: "refused" }), entry(1, { actor: "operator", name: "operator", role: "operator", event: "urgency-lowered" }),
        ]}
      />,
    );
    assert.deepEqual(told(), [
      "You: a report was given out. (report …aaaaaa, PDF)", "The program: a report was made. (report …aaaaaa)",
      "You: the history was changed.It wasn't allowed, or didn't make sense: nothing was changed.",
      "You: something was asked for that isn't part of this session. It was not given out. (12 more within that minute)",
      "An operator: the urgency was lowered.",
    ]);
    assert.equal(all("time")[0]?.getAttribute("datetime"), now);
  });

  test("shows that somebody else opened it above all, by name, role and reason, as text", async () => {
    scripted().on("GET /access-log", () => ({ entries: [entry(10, { ...opened, number: 10, event: "record-read", reason: undefined }), opened, entry(8)] }));
    await show(<AccessLogPage />);
    await until(() => told().length === 3);
    assert.match(text(one(".notice.attention")), /Somebody else opened your record.*Dr\. Lee \(clinician\).*Reason given: Unconscious, no history <b>told<\/b>/);
    assert.equal(all(".access-entry.opened").length, 2);
    assert.equal(all("b").length, 0);
  });

  test("has no such notice where nobody did, and none for one that was refused", async () => {
    scripted();
    await show(<OpenedNotice entries={[entry(1), { ...opened, outcome: "refused" }]} />);
    assert.equal(text(), "");
  });

  test("loads older ones on demand, says when that fails, and goes on from where it was", async () => {
    const server = scripted().on("GET /access-log", () => ({ entries: [entry(9)], before: 9 })).on("GET /access-log?before=9", () => problem(503, "storage-busy"));
    await show(<AccessLogPage />);
    await until(() => told().length === 1);
    await press("Show older ones");
    await until(() => alerts().includes("Older ones can't be read now"));
    server.on("GET /access-log?before=9", () => ({ entries: [entry(8, { event: "session-opened" })] }));
    await press("Show older ones");
    await until(() => told().length === 2);
    assert.equal(alerts(), "");
    assert.equal(hasControl("Show older ones"), false);
    assert.deepEqual(all("a[download]").map((link) => link.getAttribute("href")), ["/api/v1/access-log/download?format=csv", "/api/v1/access-log/download?format=json"]);
  });

  test("says when there is nothing, and when it can't be read", async () => {
    const server = scripted().on("GET /access-log", () => problem(503, "storage-busy"));
    await show(<AccessLogPage />);
    await until(() => alerts().includes("The storage is busy"));
    server.on("GET /access-log", () => ({ entries: [] }));
    await press("Try again");
    await until(() => text().includes("Nothing was done yet."));
  });

  test("has an address of its own", async () => {
    scripted().on("GET /access-log", () => ({ entries: [entry(1)] }));
    await showInside(<Pages />, "/access-log");
    await until(() => told().length === 1);
    assert.equal(document.title, "What was done with my record · Lightbox");
  });

  test("has a sentence for each action, in each language", () => {
    for (const { accessLog } of [lateEnglish, lateGerman]) {
      assert.deepEqual(Object.keys(accessLog.actions).sort(), [...auditActions].sort());
      for (const sentence of Object.values(accessLog.actions)) assert.match(sentence, /^\S.*\.$/);
    }
  });

  test("Maintenance is told in the operator's words, as text", async () => {
    scripted();
    await show(<MaintenanceNotice maintenance={{ message: "Back at <i>noon</i>.", since: now }} />);
    assert.match(text(one("[role=status]")), /The server is being worked on.*Back at <i>noon<\/i>\./);
    await show(<MaintenanceNotice maintenance={limits.maintenance} />);
    assert.equal(text(), "");
  });
});
