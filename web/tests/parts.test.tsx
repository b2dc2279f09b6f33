import { alerts, all, control, hasControl, press, problem, scripted, show, text, until } from "./harness";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { useState } from "react";
import { request } from "../src/shared/http";
import { useAction } from "../src/shared/useAction";
import { ConfirmDialog } from "../src/shared/ui/ConfirmDialog";
import { Fact } from "../src/shared/ui/Fact";

function Asking() {
  const [open, setOpen] = useState(true);
  const action = useAction(async () => {
    await request("DELETE", "/reports/r1");
    setOpen(false);
  });
  if (!open) return <p>Closed.</p>;
  return (
    <ConfirmDialog title="Delete it?" keep="Keep it" confirm="Delete" confirming="Deleting…" action={action} onClose={() => setOpen(false)}>
      <p>It is gone then.</p>
    </ConfirmDialog>
  );
}

describe("A question before something that can't be undone", () => {
  test("stays open while it is being done", async () => {
    scripted().on("DELETE /reports/r1", () => ({ never: true }));
    await show(<Asking />);
    assert.match(text(), /Delete it\?It is gone then\./);
    await press("Delete");
    assert(hasControl("Deleting…"));
    await press("Keep it");
    assert.match(text(), /Delete it\?/);
  });

  test("says why it failed, and is over when it is done", async () => {
    const server = scripted().on("DELETE /reports/r1", () => problem(503, "storage-busy"));
    await show(<Asking />);
    await press("Delete");
    await until(() => alerts().includes("The storage is busy"));
    assert.equal(control("Delete").getAttribute("aria-disabled"), "false");
    server.on("DELETE /reports/r1", () => ({ status: 204 }));
    await press("Delete");
    await until(() => text() === "Closed.");
  });

  test("closes without doing anything", async () => {
    scripted();
    await show(<Asking />);
    await press("Keep it");
    assert.equal(text(), "Closed.");
  });
});

test("A fact is a term and its description", async () => {
  scripted();
  await show(
    <dl className="facts">
      <Fact name="Format" value="PNG" />
    </dl>,
  );
  assert.deepEqual([all("dt"), all("dd")].map(([element]) => element && text(element)), ["Format", "PNG"]);
});
