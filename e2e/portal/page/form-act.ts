import { type ActRequest, act } from "../acts";
import type { Portal } from "../portal";

const numbers = new Set(["id", "from", "to", "price", "contactId", "userId", "into", "count", "customers"]);
const lists = new Set(["ids"]);

/** An act as a form sends it: everything is text, what was left empty was not said, and `back` is the page's own. */
export function actByForm(portal: Portal, form: URLSearchParams): void {
  const entries = [...form].filter(([name, value]) => value.trim() !== "" && name !== "back");
  act(
    portal,
    Object.fromEntries(entries.map(([name, value]) => [name, read(name, value.trim())])) as unknown as ActRequest,
  );
}

function read(name: string, value: string): string | number | number[] | boolean | string[] {
  if (numbers.has(name)) return toNumber(name, value);
  if (lists.has(name)) return value.split(/[\s,]+/).map((one) => toNumber(name, one));
  if (name === "settled") return value === "on";
  return name === "phones" || name === "emails" ? [value] : value;
}

function toNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number)) throw new TypeError(`${name} has to be a number`);
  return number;
}
