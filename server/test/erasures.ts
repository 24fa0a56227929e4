import { expect } from "vitest";
import { systemActor } from "../audit/actor";
import { erasePerson } from "../privacy/erase";
import type { CrmHarness } from "./crm";

export const person = {
  firstName: "Пелагея",
  lastName: "Вырубова",
  email: "pelageya@vyrubova.example",
  phone: "+79167654321",
};
/** What must not be found on the portal once this person is erased. */
export const words = ["пелагея", "вырубова", "pelageya", "9167654321"];

export const erase = ({ services }: CrmHarness, userId: number) =>
  erasePerson(services, { actor: systemActor, userId, cause: "self" });
export const erasureOf = ({ services }: CrmHarness, userId: number) =>
  services.db.erasure.findUniqueOrThrow({ where: { userId } });
export const isDone = (crm: CrmHarness, userId: number) =>
  expect.poll(async () => (await erasureOf(crm, userId)).state).toBe("done");

/** Erases the person here, and waits until the portal has followed. */
export async function erased(crm: CrmHarness, userId: number): Promise<void> {
  await erase(crm, userId);
  await isDone(crm, userId);
}

/** All that the portal holds of contacts, deals and their timelines. */
export const portalText = ({ portal }: CrmHarness) =>
  JSON.stringify([...portal.contacts.values(), ...portal.deals.values(), ...portal.comments.values()]);

/** How often the portal was called by this method. */
export const asked = ({ portal }: CrmHarness, method: string) =>
  portal.calls.filter((call) => call.method === method).length;
