import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createQueue } from "../queue/queue";
import type { Services } from "../services";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { registerUser } from "./registration";

let database: TestDatabase;
let services: Pick<Services, "db" | "queue" | "env" | "mail" | "log">;

beforeAll(async () => {
  database = await createTestDatabase();
  const log = createLog("silent");
  const queue = await createQueue({ pool: database.pool, log, supervise: false });
  services = { db: database.db, env: parseEnv({}), log, queue, mail: { send: async () => true } };
});
afterAll(async () => {
  await services.queue.stop();
  await database.drop();
});

const register = (email: string) =>
  registerUser(services, {
    input: {
      firstName: "Анна",
      lastName: undefined,
      company: undefined,
      email,
      phone: "+79161234567",
      password: "correct horse battery",
      consent: "on",
    },
    utm: { first: { utm_source: "vk" }, last: { utm_source: "vk", utm_campaign: "spring" } },
    locale: "ru",
  });

test("a registration is kept with where it came from, and its job", async () => {
  const { id } = await register("anna@example.com");
  const user = await database.db.user.findUniqueOrThrow({ where: { id }, include: { attribution: true } });
  expect(user).toMatchObject({ email: "anna@example.com", crmState: "PENDING", source: "vk" });
  expect(user.attribution).toMatchObject({ first: { utm_source: "vk" }, last: { utm_campaign: "spring" } });
  const jobs = await database.pool.query("select 1 from pgboss.job where singleton_key = $1", [String(id)]);
  expect(jobs.rowCount).toBe(1);
});

test("of registrations with one address one is kept, also at the same moment, and nothing of the others", async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => register("once@example.com")));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const outcome of outcomes)
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "EMAIL_TAKEN" });
  expect(await database.db.user.count({ where: { email: "once@example.com" } })).toBe(1);
  expect(await database.db.attribution.count({ where: { user: { email: "once@example.com" } } })).toBe(1);
});

test("a taken address is skipped by the database, not refused with its value in the log", async () => {
  await register("taken@example.com");
  const error: unknown = await register("taken@example.com").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "EMAIL_TAKEN" });
  expect((error as Error).cause).toBeUndefined();
});
