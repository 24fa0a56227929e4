import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { isFreeWithin } from "./free-port";

async function taken() {
  const program = createServer().listen(0, "127.0.0.1");
  await once(program, "listening");
  return { program, port: (program.address() as AddressInfo).port };
}

test("a port that is taken for a moment counts as free", async () => {
  const { program, port } = await taken();
  const answer = isFreeWithin(60_000, port);
  setTimeout(() => program.close(), 200);
  expect(await answer).toBe(true);
});

test("a port that stays taken does not", async () => {
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
