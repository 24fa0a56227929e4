import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeUser } from "../test/factories";
import { isSigned } from "../test/receiver";
import { createWebhookHarness } from "../test/webhooks";
import { getUser } from "../users/users";

const arrived = { crmState: "SYNCED", bitrix24ContactId: 6, bitrix24DealId: 10 } as const;

let harness: Awaited<ReturnType<typeof createWebhookHarness>>;

beforeAll(async () => {
  harness = await createWebhookHarness();
});
beforeEach(() => harness.reset());
afterAll(() => harness.close());

test("a registration that arrives is told once, signed, with what an administrator sees of the person", async () => {
  const { crm, db, receiver, create, send } = harness;
  const { secret } = await create();
  const { id: formId } = await db.form.create({ data: { slug: "told", name: "" } });
  const userId = await crm.register({ utm: { utm_source: "vk" }, formId });
  const worker = crm.newWorker();
  worker.start();
  await expect.poll(async () => (await db.user.findUnique({ where: { id: userId } }))?.crmState).toBe("SYNCED");
  await worker.stop();
  await send();
  await send();

  const user = await getUser(crm.services, userId);
  const { phoneExtension: _, emailConfirmedAt: __, holds: ___, isRegistration: ____, ...told } = user ?? ({} as never);
  expect(user?.bitrix24DealId).toBeGreaterThan(0);
  expect(user?.form).toBe("told");
  expect(receiver.of(userId)).toEqual([
    { type: "registration.synced", timestamp: expect.any(String), data: { user: told } },
  ]);
  const [message] = receiver.received;
  expect(message && isSigned(message, secret)).toBe(true);
  expect(message && isSigned({ ...message, body: `${message.body} ` }, secret)).toBe(false);
  expect(Math.abs(Number(message?.headers["webhook-timestamp"]) - Date.now() / 1_000)).toBeLessThan(600);
});

test("a registration that fails for good says why", async () => {
  const { db, receiver, create, send } = harness;
  await create();
  const { id } = await makeUser(db);
  await db.user.update({ where: { id }, data: { crmState: "FAILED", crmError: "PORTAL_REFUSED" } });
  await send();
  expect(receiver.of(id)).toMatchObject([
    { type: "registration.failed", data: { reason: "PORTAL_REFUSED", user: { crmState: "failed" } } },
  ]);
});

test("nothing is told of a registration whose deal the portal removed, until it has another one", async () => {
  const { db, create, log } = harness;
  await create();
  const { id } = await makeUser(db);
  await db.user.update({ where: { id }, data: { ...arrived, crmError: "DEAL_REMOVED" } });
  expect(await log()).toEqual([]);
  await db.user.update({ where: { id }, data: { crmError: null } });
  expect(await log()).toMatchObject([{ event: "registration.synced" }]);
});

test("each change of a payment is told with its own value, also when it has changed back meanwhile", async () => {
  const { db, receiver, create, send, pay } = harness;
  await create();
  const { id } = await makeUser(db);
  await pay(id);
  await pay(id, false);
  await pay(id, false);
  await send();
  expect(receiver.of(id)).toMatchObject([
    { type: "payment.changed", data: { user: { isPaid: true, paidAt: expect.stringMatching(/Z$/) } } },
    { type: "payment.changed", data: { user: { isPaid: false, paidAt: null } } },
  ]);
});

test("the times of one person's events are in the order of the changes, also where an earlier transaction changed later", async () => {
  const { db, create, pay, log } = harness;
  await create();
  const { id } = await makeUser(db);
  await db.$transaction(async (tx) => {
    await tx.$queryRaw`select now()`;
    await pay(id);
    await pay(id, false);
    await tx.user.update({ where: { id }, data: { isPaid: true } });
  });
  const rows = await db.webhookDelivery.findMany({ where: { userId: id }, orderBy: { at: "asc" } });
  expect(rows.map(({ snapshot }) => (snapshot as { isPaid: boolean }).isPaid)).toEqual([true, false, true]);
  expect(await log()).toHaveLength(3);
});

test("a change that is rolled back tells nobody", async () => {
  const { db, create, log } = harness;
  await create();
  const { id } = await makeUser(db);
  const undone = db.$transaction(async (tx) => {
    await tx.user.update({ where: { id }, data: { isPaid: true, ...arrived } });
    throw new Error("rolled back");
  });
  await expect(undone).rejects.toThrow("rolled back");
  expect(await log()).toEqual([]);
});

test("test registrations, other changes and unwanted events are told to nobody", async () => {
  const { db, receiver, create, log } = harness;
  await create(receiver.url, ["payment.changed"]);
  const { id } = await makeUser(db);
  const trial = await makeUser(db, { email: "trial@example.invalid" });
  await db.user.update({ where: { id }, data: { ...arrived, firstName: "Ольга" } });
  await db.user.update({ where: { id }, data: { ...arrived, isPaid: false } });
  await db.user.update({ where: { id: trial.id }, data: { isPaid: true } });
  expect(await log()).toEqual([]);
});
