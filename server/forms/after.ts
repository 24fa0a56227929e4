import type { AfterRegistration } from "./definition";

/** Whether a form may lead there after a registration: an address of the owner's, by TLS and without credentials. */
export function isAfterAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === "https:" && username + password === "" && !/[\p{Cc}\s]/u.test(text);
}

/** The address of a definition. One that was stored without the check leads nowhere. */
export const afterAddress = (after: AfterRegistration): string | null =>
  after.kind === "address" && isAfterAddress(after.address) ? new URL(after.address).href : null;
