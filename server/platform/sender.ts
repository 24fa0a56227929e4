import { parseEmail } from "./email-address";

/** From whom mails come. */
export interface Sender {
  /** Empty: the address alone. */
  name: string;
  address: string;
}

/** `Name <desk@example.com>`, the name quoted or not; and how it was written before there were brackets. */
const forms = [
  /^(?<name>.*?)\s*<(?<address>[^<>]+)>$/s,
  /^(?<address>[^\s<>()]+)\s*\((?<name>[^()]*)\)$/,
  /^(?<address>[^<>]+)$/,
];

/** The sender as the environment names it; null if no address is in it, or more than one. */
export function parseSender(text: string): Sender | null {
  const found = forms.map((form) => form.exec(text.trim())?.groups).find((groups) => groups !== undefined);
  const { name = "", address: given = "" } = found ?? {};
  const address = parseEmail(given) ?? ownHost(given.trim());
  if (address === null) return null;
  // Some providers know a sender by its capitals.
  return { name: unquoted(name.trim()), address: given.trim().toLowerCase() === address ? given.trim() : address };
}

/** Mails of a machine's own mail server, inside a network, may come from a host without a dot, such as root@localhost. */
const ownHost = (address: string): string | null =>
  /^[\w.+-]{1,64}@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i.test(address) ? address.toLowerCase() : null;

const unquoted = (name: string): string => /^"(.*)"$/s.exec(name)?.[1]?.replace(/\\(.)/gs, "$1") ?? name;
