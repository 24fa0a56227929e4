import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { freePort, freeServerPort, isFreeWithin } from "./free-port";

async function taken() {
  // No port of the system's own: an outgoing connection could have it as soon as it is free.
  const program = createServer().listen(await freeServerPort(), "127.0.0.1");
  await once(program, "listening");
  return { program, port: (program.address() as AddressInfo).port };
}

test("a server's port is free, and none that the system hands out by itself, as long as there is one", async () => {
  const port = await freeServerPort();
  expect(await freePort(port)).toBe(port);
  // The lowest that a system hands out by itself, unless it is told otherwise.
  expect(port).toBeLessThan(32_768);
  const { program, port: used } = await taken();
  const choices = [used, port];
  expect(await freeServerPort(() => choices.shift() ?? used)).toBe(port);
  expect(await freeServerPort(() => used)).not.toBe(used);
  program.close();
});

test("a port that is taken for a moment counts as free", async () => {
  const { program, port } = await taken();
  const answer = isFreeWithin(60_000, port);
  setTimeout(() => program.close(), 200);
  expect(await answer).toBe(true);
});

test("a port that stays taken counts as not free", async () => {
  const { program, port } = await taken();
  expect(await isFreeWithin(100, port)).toBe(false);
  program.close();
});

test("of many that ask at once each is told that the port is free", async () => {
  const { program, port } = await taken();
  program.close();
  const answers = Array.from({ length: 20 }, () => isFreeWithin(60_000, port));
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 20 }, () => true));
});
