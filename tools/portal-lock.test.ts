import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { takePortalFile } from "./portal-lock";

function newFile(): string {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  return join(folder, "portal.json");
}

test("a file is one portal's at a time, and free again after it", async () => {
  const file = newFile();
  const first = await takePortalFile(file);
  expect(await takePortalFile(file)).toBeUndefined();
  first?.release();
  expect(existsSync(`${file}.lock`)).toBe(false);
  const second = await takePortalFile(file);
  expect(second).toBeDefined();
  second?.release();
});

test("of portals that start on one file at the same moment one gets it", async () => {
  const file = newFile();
  const taken = await Promise.all(Array.from({ length: 5 }, () => takePortalFile(file)));
  const owners = taken.filter((lock) => lock !== undefined);
  expect(owners).toHaveLength(1);
  for (const owner of owners) owner.release();
});

test("what is left by a killed portal holds nobody up, also where another program has its port or its number by now", async () => {
  const other = createServer((_, response) => void response.end("another program")).listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await expect.poll(() => other.listening).toBe(true);
  const { port } = other.address() as AddressInfo;
  const nobody = 2 ** 30;
  for (const left of [
    "",
    "nonsense",
    `1 ${process.pid} secret`,
    `99999 ${process.pid} secret`,
    `${port} ${nobody} secret`,
  ]) {
    const file = newFile();
    writeFileSync(`${file}.lock`, left);
    const lock = await takePortalFile(file);
    expect(lock, left).toBeDefined();
    lock?.release();
  }
});
