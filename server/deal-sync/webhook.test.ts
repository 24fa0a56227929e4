import { afterAll, beforeAll, expect, test } from "vitest";
import { events } from "../connection-check/surroundings";
import type { Services } from "../services";
import { type CrmHarness, createCrmHarness, startCrm } from "../test/crm";
import { makeUser } from "../test/factories";
import { listenToStatements } from "../test/statements";
import { takeEvent } from "./webhook";

const token = "a-token-of-the-portal";

let crm: CrmHarness;
beforeAll(async () => {
  crm = await createCrmHarness({ env: { BITRIX24_EVENT_TOKEN: token } });
});
afterAll(() => crm.close());

let ids = 40_000;
/** A person with a contact and a deal of their own. */
const makePerson = (overrides: { bitrix24ContactId?: number } = {}) =>
  makeUser(crm.services.db, {
    crmState: "SYNCED",
    bitrix24DealId: ++ids,
    bitrix24ContactId: ++ids,
    ...overrides,
  });

/** An event as the portal posts it; the value undefined leaves the field out. */
function event(changes: Record<string, string | undefined>): string {
  const fields = {
    event: "ONCRMDEALUPDATE",
    event_handler_id: "975",
    "data[FIELDS][ID]": "1",
    ts: "1700000000",
    "auth[domain]": "portal.example",
    "auth[application_token]": token,
    ...changes,
  };
  return new URLSearchParams(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  ).toString();
}

/** The users whose comparison is enqueued. */
async function reminded(): Promise<number[]> {
  const jobs = await crm.services.pool.query<{ userId: number }>(
    `select (data->>'userId')::int as "userId" from pgboss.job where name = 'crm-payment' order by 1`,
  );
  return jobs.rows.map(({ userId }) => userId);
}

test.each([
  ["wrong", { "auth[application_token]": "b-token-of-the-portal" }],
  ["of another length", { "auth[application_token]": `${token}x` }],
  ["empty", { "auth[application_token]": "" }],
  ["missing", { "auth[application_token]": undefined }],
  ["a list", { "auth[application_token]": undefined, "auth[application_token][]": token }],
  ["in another place", { "auth[application_token]": undefined, application_token: token }],
])("an event whose token is %s is refused and reminds of nothing", async (_name, changes) => {
  const { bitrix24DealId } = await makePerson();
  const before = await reminded();
  const body = event({ "data[FIELDS][ID]": String(bitrix24DealId), ...changes });
  await expect(takeEvent(crm.services, body)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await reminded()).toEqual(before);
});

test("where no token is set, every event is refused", async () => {
  const services: Services = { ...crm.services, env: { ...crm.services.env, BITRIX24_EVENT_TOKEN: undefined } };
  for (const given of ["", "undefined", token])
    await expect(takeEvent(services, event({ "auth[application_token]": given }))).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
});

test.each([
  ["no name", { event: undefined }],
  ["an endless name", { event: "ONCRMDEALUPDATE".padEnd(101, "E") }],
  ["no record", { "data[FIELDS][ID]": undefined }],
  ["no fields", { "data[FIELDS][ID]": undefined, data: "1" }],
  ["an empty id", { "data[FIELDS][ID]": "" }],
  ["words for an id", { "data[FIELDS][ID]": "1 or 1=1" }],
  ["a negative id", { "data[FIELDS][ID]": "-1" }],
  ["half an id", { "data[FIELDS][ID]": "1.5" }],
  ["an id beyond every id", { "data[FIELDS][ID]": "2147483648" }],
  ["fields that are nested too deeply", { "data[FIELDS][ID]": undefined, "data[FIELDS][ID][a][b][c]": "1" }],
])("a body with %s is no event", async (_name, changes) => {
  const before = await reminded();
  await expect(takeEvent(crm.services, event(changes))).rejects.toMatchObject({ code: "INVALID" });
  expect(await reminded()).toEqual(before);
});

test("whatever happened to a deal of ours, its person is compared", async () => {
  for (const name of ["ONCRMDEALADD", "ONCRMDEALUPDATE", "ONCRMDEALDELETE", "onCrmDealUpdate"]) {
    const { id, bitrix24DealId } = await makePerson();
    await takeEvent(crm.services, event({ event: name, "data[FIELDS][ID]": String(bitrix24DealId) }));
    expect(await reminded()).toContain(id);
  }
});

test("a contact's event concerns everyone who shares it", async () => {
  const contactId = ++ids;
  const family = [
    await makePerson({ bitrix24ContactId: contactId }),
    await makePerson({ bitrix24ContactId: contactId }),
  ];
  const neighbour = await makePerson();
  await takeEvent(crm.services, event({ event: "ONCRMCONTACTDELETE", "data[FIELDS][ID]": String(contactId) }));
  const people = await reminded();
  expect(people).toEqual(expect.arrayContaining(family.map(({ id }) => id)));
  expect(people).not.toContain(neighbour.id);
});

test("a contact that a whole company shares makes no more than a hundred comparisons", async () => {
  const contactId = ++ids;
  await crm.services.db.user.createMany({
    data: Array.from({ length: 120 }, (_, index) => ({
      email: `colleague-${index}@example.com`,
      firstName: "Анна",
      phone: "+79001234567",
      crmState: "SYNCED" as const,
      bitrix24ContactId: contactId,
    })),
  });
  const before = await reminded();
  await takeEvent(crm.services, event({ event: "ONCRMCONTACTUPDATE", "data[FIELDS][ID]": String(contactId) }));
  expect(await reminded()).toHaveLength(before.length + 100);
});

test("events about deals that are not ours, and about anything else, remind of nothing", async () => {
  const { bitrix24DealId, bitrix24ContactId } = await makePerson();
  const before = await reminded();
  await takeEvent(crm.services, event({ "data[FIELDS][ID]": "2147483647" }));
  // Ids of deals and of contacts are separate number ranges.
  await takeEvent(crm.services, event({ "data[FIELDS][ID]": String(bitrix24ContactId) }));
  for (const name of ["ONCRMLEADUPDATE", "ONTASKADD", "ONAPPINSTALL", "DEAL", "__proto__"])
    await takeEvent(crm.services, event({ event: name, "data[FIELDS][ID]": String(bitrix24DealId) }));
  expect(await reminded()).toEqual(before);
});

test("doubled events, also at the same moment, make one comparison", async () => {
  const { id, bitrix24DealId } = await makePerson();
  const body = event({ "data[FIELDS][ID]": String(bitrix24DealId) });
  await Promise.all(Array.from({ length: 8 }, () => takeEvent(crm.services, body)));
  await takeEvent(crm.services, body);
  expect((await reminded()).filter((userId) => userId === id)).toEqual([id]);
});

test("events that arrive together share their statements, whatever they concern", async () => {
  const people = await Promise.all(Array.from({ length: 120 }, () => makePerson()));
  const bodies = people.map(({ bitrix24DealId, bitrix24ContactId }, index) =>
    index % 2
      ? event({ "data[FIELDS][ID]": String(bitrix24DealId) })
      : event({ event: "ONCRMCONTACTUPDATE", "data[FIELDS][ID]": String(bitrix24ContactId) }),
  );
  const statements = listenToStatements(crm.services.pool);
  const sent = await statements.during(() => Promise.all(bodies.map((body) => takeEvent(crm.services, body))));
  expect(await reminded()).toEqual(expect.arrayContaining(people.map(({ id }) => id)));
  // One look for the people, a transaction with three statements, and once a minute the time.
  expect(sent.length).toBeLessThanOrEqual(7);
});

test("what fails of events that arrive together is told to each, and the next ones are taken", async () => {
  const { id, bitrix24DealId } = await makePerson();
  const body = event({ "data[FIELDS][ID]": String(bitrix24DealId) });
  const queue: Services["queue"] = { ...crm.services.queue, enqueueMany: () => Promise.reject(new Error("full")) };
  const failing = [1, 2, 3].map(() => takeEvent({ ...crm.services, queue }, body));
  for (const outcome of await Promise.allSettled(failing)) expect(outcome).toMatchObject({ status: "rejected" });
  queue.enqueueMany = crm.services.queue.enqueueMany;
  await takeEvent({ ...crm.services, queue }, body);
  expect(await reminded()).toContain(id);
});

test("the token is found behind however many fields of the record", async () => {
  const fields = Array.from({ length: 300 }, (_, index) => [`data[UF_USR_${index}]`, "1"]);
  const of = (name: string, secret: string) =>
    String(
      new URLSearchParams([["event", name], ...fields, ["auth[application_token]", secret]] as [string, string][]),
    );
  await expect(takeEvent(crm.services, of("ONUSERADD", token))).resolves.toBeUndefined();
  await expect(takeEvent(crm.services, of("ONUSERADD", "another"))).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("the log names record and event, and no token", async () => {
  const { bitrix24DealId } = await makePerson();
  await takeEvent(crm.services, event({ "data[FIELDS][ID]": String(bitrix24DealId) }));
  expect(crm.lines.at(-1)).toMatchObject({ event: "ONCRMDEALUPDATE", portalId: bitrix24DealId, people: 1 });
  expect(JSON.stringify(crm.lines)).not.toContain(token);
});

test("events with another token are told by the connection check until one with ours comes", async () => {
  // Each process writes the times once a minute.
  const crm = await startCrm({ env: { BITRIX24_EVENT_TOKEN: token } });
  const { services } = crm;
  const line = () => events(services);
  expect(await line()).toMatchObject({ state: "ok" });
  const wrong = { "auth[application_token]": "b-token-of-the-portal" };
  await expect(takeEvent(services, event(wrong))).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await line()).toMatchObject({ state: "ok" });
  const named = { "auth[domain]": services.bitrix24.client.host };
  await expect(takeEvent(services, event({ ...wrong, ...named }))).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await line()).toMatchObject({ state: "warn", facts: { refused: 1 } });
  await takeEvent(services, event(named));
  expect(await line()).toMatchObject({ state: "ok" });
});

test("times of events are written once, however many come together", async () => {
  const { services } = await startCrm({ env: { BITRIX24_EVENT_TOKEN: token } });
  const body = event({ "auth[application_token]": "", "auth[domain]": services.bitrix24.client.host });
  const statements = listenToStatements(services.pool);
  const sent = await statements.during(() =>
    Promise.allSettled(Array.from({ length: 50 }, () => takeEvent(services, body))),
  );
  expect(sent.length).toBeLessThanOrEqual(1);
});
