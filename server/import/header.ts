import { parsePhone } from "../person/phone";
import { parseEmail } from "../platform/email-address";
import { isBlanked } from "./blanked";
import { cellText, partsOf, phoneText, rounded } from "./cell";
import type { CsvRecord } from "./csv";
import { targetOf } from "./suggest-columns";

/** Where a list's header is: a report's title may stand above it, and hold the character that parts the cells. */

/** Reports have no more title lines above the table. */
export const maxTitleLines = 5;

const separators = [";", ",", "\t", "|"] as const;

/**
 * The records without those of a title: from the first that names columns, else from the first of several cells. If that
 * one is a person, the list has no header, and a line without names stands in its place: a person is not lost as one.
 */
export function fromHeader(records: CsvRecord[]): CsvRecord[] {
  // One word alone may be part of a title: "Payment, March".
  const named = records.findIndex(({ cells }) => namesIn(cells) > 1);
  const first = records.findIndex(({ cells }) => cells.filter((cell) => cell !== "").length > 1);
  const table = records.slice(Math.max(named >= 0 ? named : first, 0));
  const [head] = table;
  if (named >= 0 || !head || !isPerson(head.cells)) return table;
  const width = Math.max(...table.map(({ cells }) => cells.length));
  return [{ ...head, cells: Array.from({ length: width }, () => "") }, ...table];
}

/** A person erased meanwhile is still one: a list that is being imported must not lose or gain a line. */
const isPerson = (cells: string[]): boolean =>
  isBlanked(cells) || cells.map(cellText).some((text) => holdsEmail(text) || holdsPhone(text));

const holdsEmail = (text: string): boolean =>
  text.includes("@") && [text, ...partsOf("email", text)].some((part) => parseEmail(part) !== null);

const holdsPhone = (text: string): boolean =>
  [text, ...partsOf("phone", text)].some((part) => {
    const phone = phoneText(part);
    return phone === rounded || parsePhone(phone) !== null;
  });

/** How many kinds of columns these cells name; none where an address is among them, which makes them a person's line. */
const namesIn = (cells: string[]): number =>
  cells.some((cell) => cell.includes("@")) ? 0 : new Set(cells.flatMap((cell) => targetOf(cell) ?? [])).size;

/**
 * The separator by which one of the first lines names most columns. If none names any, it is the one that occurs most often
 * in the first line with any.
 */
export function separatorOf(head: string): string {
  const lines = head
    .trimStart()
    .split(/[\r\n]+/, maxTitleLines + 1)
    .map((line) => line.replace(/"([^"]*)"/g, (_, text: string) => text.replace(/[;,\t|]/g, "")));
  const choices = lines.flatMap((line) =>
    separators.map((separator) => {
      const cells = line.split(separator);
      return { separator, line, cells: cells.length, names: cells.length > 1 ? namesIn(cells) : 0 };
    }),
  );
  const parted = choices.find(({ cells }) => cells > 1);
  const ofHeader = choices.filter(({ line }) => line === parted?.line);
  const [named] = choices.toSorted((a, b) => b.names - a.names);
  const [frequent] = ofHeader.toSorted((a, b) => b.cells - a.cells);
  return (named && named.names > 0 ? named : frequent)?.separator ?? ",";
}
