import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startPortal } from "../e2e/portal/server";
import { claimPort } from "../server/test/claim-port";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { findRunningDemo, takeFolder } from "./running-demo";

function newFile(): string {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  return join(folder, "portal-address");
}

async function runDemo(file: string, token: string, port = 0) {
  const portal = await startPortal({ port, events: { token } });
  onTestFinished(() => portal.close());
  expect(await takeFolder(file, token, portal.url)).toBeUndefined();
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

test("of demos that start on one folder at the same moment one gets it, also after one that was killed", async () => {
  const file = newFile();
  for (const _ of ["new", "left by a killed one"]) {
    const portals = await Promise.all(Array.from({ length: 3 }, () => startPortal({ events: { token: "ours" } })));
    const taken = await Promise.all(portals.map(({ url }) => takeFolder(file, "ours", url)));
    expect(taken.filter((other) => other === undefined)).toHaveLength(1);
    const owner = portals[taken.indexOf(undefined)];
    expect(taken.filter((other) => other === owner?.url)).toHaveLength(2);
    await Promise.all(portals.map((portal) => portal.close()));
  }
});

test("a demo that gets the port of the one before takes the folder", async () => {
  const file = newFile();
  // Claimed: a port that the system hands out may be another program's as soon as the first demo has ended.
  const port = await claimPort();
  const before = await runDemo(file, "ours", port);
  await before.close();
  const portal = await startPortal({ port, events: { token: "ours" } });
  onTestFinished(() => portal.close());
  expect(await takeFolder(file, "ours", portal.url)).toBeUndefined();
});
