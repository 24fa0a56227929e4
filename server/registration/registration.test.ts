import { afterAll, beforeAll, expect, test } from "vitest";
import { wakeChannel } from "../queue/queue";
import { makeUser } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { type NewRegistration, registerUser } from "./registration";

let services: TestServices;

beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.drop());

const register = (email: string, target = services, options: Partial<NewRegistration> = {}) =>
  registerUser(target, {
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
    ...options,
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

test("a registration's job is as one that is enqueued", async () => {
  const [own, other] = await Promise.all([register("job@example.com"), makeUser(services.db)]);
  await services.db.$transaction((tx) => services.queue.enqueue(tx, "crm-registration", other.id));
  const jobOf = async (id: number) => {
    const { rows } = await services.pool.query<{ job: Record<string, unknown> }>(
      `select to_jsonb(job) - '{id,created_on,start_after,keep_until,singleton_key,data}'::text[]
         || jsonb_build_object('kept', (keep_until - start_after)::text, 'due', start_after < now(), 'user', data) as job
       from pgboss.job where singleton_key = $1`,
      [String(id)],
    );
    expect(rows).toHaveLength(1);
    return rows[0]?.job;
  };
  expect(await jobOf(own.id)).toEqual({ ...(await jobOf(other.id)), user: { userId: own.id } });
});

test("a registration wakes the worker when it is written", async () => {
  const client = await services.pool.connect();
  const woken = new Promise((resolve) => client.once("notification", resolve));
  try {
    await client.query(`listen ${wakeChannel}`);
    await register("wakes@example.com");
    expect(await woken).toMatchObject({ channel: wakeChannel, payload: "public" });
  } finally {
    client.release(true);
  }
});

test("without its queue a registration is refused, and nothing of it is kept", async () => {
  const own = await createTestServices();
  await own.pool.query("select pgboss.delete_queue('crm-registration')");
  await expect(register("lost@example.com", own)).rejects.toThrow();
  expect(await own.db.user.count()).toBe(0);
  await own.drop();
});

test("two forms with one address at the same moment: the loser's may register another address", async () => {
  for (let round = 0; round < 3; round++) {
    const stamps = ["a", "b", "c", "d"].map((name) => `${name}-${round}`);
    const outcomes = await Promise.allSettled(
      stamps.map((stamp) => register(`race-${round}@example.com`, services, { stamp })),
    );
    for (const [index, outcome] of outcomes.entries()) {
      const stamp = stamps[index];
      const again = register(`again-${index}-${round}@example.com`, services, { stamp });
      if (outcome.status === "rejected") await expect(again).resolves.toMatchObject({ id: expect.any(Number) });
      else await expect(again).rejects.toMatchObject({ code: "CONFLICT" });
    }
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  }
});

test("a form that is sent twice at the same moment finds its own registration", async () => {
  for (let round = 0; round < 3; round++) {
    const twice = [1, 2, 3].map(() => register(`twice-${round}@example.com`, services, { stamp: `twice-${round}` }));
    const outcomes = await Promise.allSettled(twice);
    const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(refusals).toMatchObject([{ code: "EMAIL_TAKEN" }, { code: "EMAIL_TAKEN" }]);
  }
});
