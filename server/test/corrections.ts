import { expect } from "vitest";
import type { Actor } from "../audit/actor";
import { readCorrection, sweepCorrections } from "../corrections/corrections";
import { changeDetails, detailsSchema } from "../privacy/change-details";
import type { CrmHarness, Registered } from "./crm";
import { userOf } from "./factories";

export const before = {
  firstName: "Пелагия",
  lastName: "Вырубова",
  email: "pelagia@old.example",
  phone: "+79167654321",
};
const { email: _email, ...rest } = before;
/** The same without what only a mail can change. */
export const beforeDetails = rest;
export const after = { firstName: "Пелагея", lastName: "Вырубова-Нова", phone: "+79161112233" };

export const own = (id: number): { actor: Actor; userId: number } => ({
  actor: { kind: "USER", id, role: "USER" },
  userId: id,
});
export const change = (crm: CrmHarness, id: number, details: object) =>
  changeDetails(crm.services, { ...own(id), details: detailsSchema.parse(details) });
const stateOf = async (crm: CrmHarness, id: number) => (await readCorrection(crm.services, id))?.state;
export const settled = (crm: CrmHarness, id: number, state = "done") => expect.poll(() => stateOf(crm, id)).toBe(state);
export const hasArrived = (crm: CrmHarness, id: number) =>
  expect.poll(async () => (await userOf(crm, id)).crmState).toBe("SYNCED");

export async function arrived(crm: CrmHarness, overrides: Partial<Registered> = before): Promise<number> {
  const id = await crm.register(overrides);
  await hasArrived(crm, id);
  return id;
}

/** Sweeps, and waits until a correction that was enqueued behind all of that is settled, so that the others had their turn. */
export async function haveTheirTurn(crm: CrmHarness): Promise<void> {
  await sweepCorrections(crm.services);
  const other = await arrived(crm, { firstName: "Иван", email: "ivan@example.com", phone: "+79160000001" });
  await change(crm, other, { firstName: "Иоанн", phone: "+79160000001" });
  await settled(crm, other);
}

export async function contactOf(crm: CrmHarness, id: number) {
  const contact = crm.portal.contacts.get((await userOf(crm, id)).bitrix24ContactId ?? 0);
  if (!contact) throw new Error("no contact");
  return contact;
}
export async function dealOf(crm: CrmHarness, id: number) {
  const deal = crm.portal.deals.get((await userOf(crm, id)).bitrix24DealId ?? 0);
  if (!deal) throw new Error("no deal");
  return deal;
}
export const values = (contact: Awaited<ReturnType<typeof contactOf>>) => contact.fm.map(({ value }) => value).sort();
