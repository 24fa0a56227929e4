import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestServices, type TestServices } from "../test/services";
import { registerUser } from "./registration";

let services: TestServices;

beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.drop());

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
  const user = await services.db.user.findUniqueOrThrow({ where: { id }, include: { attribution: true } });
  expect(user).toMatchObject({ email: "anna@example.com", crmState: "PENDING", source: "vk" });
  expect(user.attribution).toMatchObject({ first: { utm_source: "vk" }, last: { utm_campaign: "spring" } });
  const jobs = await services.pool.query("select 1 from pgboss.job where singleton_key = $1", [String(id)]);
  expect(jobs.rowCount).toBe(1);
});

test("of registrations with one address one is kept, also at the same moment, and nothing of the others", async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => register("once@example.com")));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const outcome of outcomes)
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "EMAIL_TAKEN" });
  expect(await services.db.user.count({ where: { email: "once@example.com" } })).toBe(1);
  expect(await services.db.attribution.count({ where: { user: { email: "once@example.com" } } })).toBe(1);
});

test("a taken address is skipped by the database, not refused with its value in the log", async () => {
  await register("taken@example.com");
  const error: unknown = await register("taken@example.com").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "EMAIL_TAKEN" });
  expect((error as Error).cause).toBeUndefined();
});
