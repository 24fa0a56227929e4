import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startPortal } from "../e2e/portal/server";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { findRunningDemo, noteRunningDemo } from "./running-demo";

function newFile(): string {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  return join(folder, "portal-address");
}

async function runDemo(file: string, token: string) {
  const portal = await startPortal({ events: { token } });
  onTestFinished(() => portal.close());
  noteRunningDemo(file, portal.url);
  return portal;
}

test("a folder knows of the demo that runs on it, until that has ended", async () => {
  const file = newFile();
  expect(await findRunningDemo(file, "ours")).toBeUndefined();
  const portal = await runDemo(file, "ours");
  expect(await findRunningDemo(file, "ours")).toBe(portal.url);
  await portal.close();
  expect(await findRunningDemo(file, "ours")).toBeUndefined();
});

test("a demo of another folder that has the port of one that was killed is not taken for it", async () => {
  const file = newFile();
  await runDemo(file, "theirs");
  expect(await findRunningDemo(file, "ours")).toBeUndefined();
});
