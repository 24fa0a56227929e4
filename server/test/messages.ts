import { expect } from "vitest";
import { notifyMethod } from "../bitrix24/notify";
import { checkConnection } from "../connection-check/check-connection";
import { tellResponsible } from "../notices/message-sender";
import { messageTrouble } from "../notices/message-trouble";
import { followNoticeKinds } from "../notices/notice-kinds";
import { type CrmHarness, type CrmOptions, type Registered, startCrm } from "./crm";

/** Messages to responsible persons, for tests. */

/** The services of a process in which messages are switched on. */
export const withMessages = ({ services }: CrmHarness): CrmHarness["services"] => ({
  ...services,
  env: { ...services.env, RESPONSIBLE_MESSAGE: "on" },
});

/** Unless `env` says so, the worker sends no messages: a test sends them itself. */
export async function start({ env, ...options }: CrmOptions = {}): Promise<CrmHarness> {
  const crm = await startCrm({ ...options, env: { APP_URL: "https://desk.example.com", ...env } });
  await followNoticeKinds({ ...crm.services, env: withMessages(crm).env });
  return crm;
}

export const byWorker = { RESPONSIBLE_MESSAGE: "on" };

/** People who have registered and agreed. */
export async function register(crm: CrmHarness, people: Partial<Registered>[]): Promise<number[]> {
  const { db, queue } = crm.services;
  const ids: number[] = [];
  for (const person of people) {
    const id = await crm.register(person);
    await db.consent.create({ data: { userId: id, kind: "registration", version: "1", locale: "ru" } });
    ids.push(id);
  }
  await queue.ensure("crm-registration", ids, 10);
  return ids;
}

export const many = (count: number): Partial<Registered>[] => Array.from({ length: count }, () => ({}));
export const synced = (crm: CrmHarness, ids: number[]) =>
  expect.poll(() => crm.services.db.user.count({ where: { id: { in: ids }, crmState: "SYNCED" } })).toBe(ids.length);

/** Registers people and has them all in the CRM. */
export async function arrive(crm: CrmHarness, people: Partial<Registered>[] = [{}]): Promise<number[]> {
  const ids = await register(crm, people);
  const worker = crm.newWorker();
  worker.start();
  await synced(crm, ids);
  await worker.stop();
  await makeDue(crm);
  return ids;
}

export const makeDue = ({ services: { pool } }: CrmHarness) =>
  pool.query(`update "PersonNotice" set "nextAttemptAt" = now() - interval '50 seconds' where state = 'pending'`);
/** As if what was attempted had long arrived, or never will. */
export const settle = ({ services: { pool } }: CrmHarness) =>
  pool.query(
    `update "PersonNotice" set "attemptedAt" = "attemptedAt" - interval '40 days', "at" = "at" - interval '40 days'`,
  );
export const tell = (crm: CrmHarness, { idle } = { idle: true }) => tellResponsible(withMessages(crm), { idle });
export const rows = ({ services: { db } }: CrmHarness) =>
  db.personNotice.findMany({ orderBy: { userId: "asc" }, select: { state: true, error: true, receiver: true } });
export const told = ({ portal }: CrmHarness) => [...portal.notifications.values()];
/** Requests that held messages. */
export const requests = ({ portal }: CrmHarness) =>
  new Set(portal.calls.flatMap(({ method, request }) => (method === notifyMethod ? [request] : []))).size;
export const trouble = (crm: CrmHarness) => messageTrouble(withMessages(crm));
export const check = async (crm: CrmHarness) =>
  (await checkConnection(withMessages(crm))).find(({ id }) => id === "messages") ?? null;
export const sent = (receiver: number) => ({ state: "sent", error: null, receiver });
