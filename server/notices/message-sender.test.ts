import { expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { withdrawConsent } from "../privacy/consents";
import { findFaults } from "../test/crm";
import {
  arrive,
  byWorker,
  check,
  makeDue,
  many,
  register,
  requests,
  rows,
  sent,
  start,
  synced,
  tell,
  told,
  trouble,
} from "../test/messages";
import { tellResponsible } from "./message-sender";
import { followNoticeKinds } from "./notice-kinds";

test("by default nobody is told, and neither a row nor a request is made for it", async () => {
  const crm = await start();
  await followNoticeKinds(crm.services);
  await arrive(crm);
  await tellResponsible(crm.services, { idle: true });
  expect(await rows(crm)).toEqual([]);
  expect(requests(crm)).toBe(0);
});

test("the worker tells the responsible persons in turn of their new deals, each once", async () => {
  const crm = await start({ env: { ...byWorker, BITRIX24_ASSIGNED_BY_IDS: "2,3" } });
  const [first = 0, second = 0] = await register(crm, [
    { firstName: "Ольга", lastName: "Иванова", utm: { utm_source: "vk" } },
    { firstName: "Пётр", lastName: null },
  ]);
  expect(told(crm)).toEqual([]);
  crm.newWorker().start();
  await synced(crm, [first, second]);
  await makeDue(crm);
  await expect.poll(() => rows(crm)).toEqual([sent(2), sent(3)]);
  const { bitrix24DealId: dealId, email } = await crm.services.db.user.findUniqueOrThrow({ where: { id: first } });
  const message = told(crm).find(({ userId }) => userId === 2);
  expect(message).toMatchObject({ kind: "system" });
  expect(message?.message).toMatch(/^Новая регистрация: Ольга Иванова\n/);
  expect(message?.message).toContain(`Почта: ${email}`);
  expect(message?.message).toContain("Источник: vk");
  expect(message?.message).not.toContain("Компания");
  expect(message?.message).toMatch(new RegExp(`Сделка: http://[^ ]+/crm/deal/details/${dealId}/$`));
  expect(told(crm)).toHaveLength(2);
  await tell(crm);
  expect(requests(crm)).toBe(1);
});

test("without a setting the person whom the portal made responsible is told, also where that answer was lost", async () => {
  const crm = await start({
    portal: { webhooks: [{ userId: 3, secret: "standinportalkey", scopes: ["crm", "catalog", "user", "im"] }] },
  });
  await arrive(crm);
  await tell(crm);
  expect(told(crm).map(({ userId }) => userId)).toEqual([3]);
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.add", match: "opportunity", times: 1 });
  await arrive(crm);
  await tell(crm);
  expect(await rows(crm)).toEqual([sent(3), sent(3)]);
  expect(await findFaults(crm)).toEqual([]);
});

test("the owner of a known contact is told of the deal", async () => {
  const crm = await start({ env: { BITRIX24_ASSIGNED_BY_IDS: "2" } });
  crm.portal.staff.addContact({ name: "Ann", assignedById: 3 }, { emails: ["known@example.com"] });
  await arrive(crm, [{ email: "known@example.com" }]);
  await tell(crm);
  expect(told(crm).map(({ userId }) => userId)).toEqual([3]);
});

test("fifty messages share one request, and fewer wait a little for others", async () => {
  const crm = await start({ env: { BITRIX24_TIMEOUT_MS: "60000" } });
  await arrive(crm, many(120));
  for (let round = 0; round < 4; round++) await tell(crm);
  expect(told(crm)).toHaveLength(120);
  expect(requests(crm)).toBe(3);
  const [late = 0] = await arrive(crm);
  await crm.services.pool.query(`update "PersonNotice" set "nextAttemptAt" = now() where "userId" = ${late}`);
  await tell(crm);
  expect(requests(crm)).toBe(3);
  await makeDue(crm);
  await tell(crm, { idle: false });
  expect(requests(crm)).toBe(3);
  await tell(crm);
  expect(requests(crm)).toBe(4);
});

test("what a visitor typed does nothing in the message and nothing in the request that it shares", async () => {
  const crm = await start({
    env: { ...byWorker, RESPONSIBLE_TEXT_RU: "{name}|{company}|{email}|{utm_source}|{utm_campaign}\n[B]Да[/B]" },
  });
  const { db } = crm.services;
  const names = [
    "$result[c0]",
    "[URL=https://evil.example]здесь[/URL]",
    "[SEND=/x]да[/SEND]",
    "<br>x",
    "#BR#x",
    "$TOTAL[c1]",
  ];
  const ids = await register(
    crm,
    names.map((name, index) => ({
      firstName: name,
      lastName: "Имя",
      email: `a#br#${index}@example.com`,
      utm: { utm_source: name, utm_campaign: "$next[c0]" },
    })),
  );
  await db.user.updateMany({ data: { company: ">> [PUT=x]y[/PUT] evil.example.com #br#" } });
  crm.newWorker().start();
  await synced(crm, ids);
  await makeDue(crm);
  await expect.poll(() => told(crm).length).toBe(names.length);
  expect(requests(crm)).toBe(1);
  for (const { message } of told(crm)) {
    const [typed = "", owners] = message.split("\n");
    expect(owners).toBe("[B]Да[/B]");
    expect(typed).not.toMatch(/[[\]<>]|#br#|\$(result|next|total|time|error)|https?:\/\/|evil\.example/i);
  }
});

test("an employee who has left gets no message, is asked again after an hour, and holds up nobody", async () => {
  const crm = await start({ env: { ...byWorker, BITRIX24_ASSIGNED_BY_IDS: "2,3" } });
  const first = await register(crm, many(2));
  crm.newWorker().start();
  await synced(crm, first);
  crm.portal.configure({
    users: [2, 3].map((id) => ({
      id,
      name: "N",
      lastName: "M",
      email: `${id}@p.example`,
      active: id === 3,
      admin: false,
    })),
  });
  await makeDue(crm);
  await expect.poll(() => rows(crm)).toEqual([{ state: "failed", error: "NOT_TAKEN", receiver: 2 }, sent(3)]);
  expect(told(crm).map(({ userId }) => userId)).toEqual([3]);
  expect(await trouble(crm)).toEqual({ waits: null, receivers: [2], nobody: false, refused: [] });
  expect(await check(crm)).toMatchObject({ state: "warn", facts: { receivers: "2" } });
  const later = await register(crm, many(1));
  await synced(crm, later);
  await makeDue(crm);
  await expect.poll(async () => (await rows(crm))[2]).toEqual({ state: "failed", error: "PASSED_OVER", receiver: 2 });
  await crm.services.db.personNotice.updateMany({ data: { attemptedAt: new Date(Date.now() - 61 * 60_000) } });
  expect(await trouble(crm)).toBeNull();
});

test("what is no longer wanted is not sent: the person was erased or has withdrawn, or the messages are off", async () => {
  const crm = await start();
  const [gone = 0, withdrawn = 0, third = 0] = await arrive(crm, many(3));
  const { db } = crm.services;
  await db.user.update({ where: { id: gone }, data: { erasedAt: new Date() } });
  await withdrawConsent(crm.services, { actor: systemActor, userId: withdrawn });
  await db.user.update({ where: { id: third }, data: { crmState: "PENDING" } });
  await tell(crm);
  expect(requests(crm)).toBe(0);
  expect((await rows(crm)).map(({ state, error }) => [state, error])).toEqual([
    ["failed", "OFF"],
    ["failed", "OFF"],
    ["pending", null],
  ]);
});
