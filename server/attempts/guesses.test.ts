import { afterAll, beforeAll, expect, test } from "vitest";
import { maxId } from "../platform/ids";
import { createTestServices, type TestServices } from "../test/services";
import { takeGuess } from "./guesses";

let services: TestServices;

beforeAll(async () => {
  services = await createTestServices({ SESSION_SECRET: "s".repeat(32), RATE_LIMIT_LOGIN: "3" });
});
afterAll(() => services.drop());

test("a guess whose turn came while a later one was written need not wait", async () => {
  const { db, env } = services;
  await db.$transaction(async (tx) => {
    // The beginning of this transaction is what now() says in it, however late the guess is.
    await tx.$queryRaw`select 1`;
    expect(await takeGuess(services, "account:same")).toBeNull();
    expect(await takeGuess({ db: tx as typeof db, env }, "account:same")).toBeNull();
  });
});

test("of guesses at the same moment those that are free pass at once, and no more", async () => {
  const waits = await Promise.all(Array.from({ length: 8 }, () => takeGuess(services, "account:many")));
  expect(waits.filter((wait) => wait === null)).toHaveLength(3);
});

test("the largest number of free guesses limits nobody, also where a counter has several shares", async () => {
  const env = { ...services.env, RATE_LIMIT_LOGIN: maxId };
  for (const shares of [1, 5])
    expect(await takeGuess({ ...services, env }, `account:any:${shares}`, shares)).toBeNull();
});
