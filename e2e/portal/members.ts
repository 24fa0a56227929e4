const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";
const isMap = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (test: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(test);

/** What a member may hold, as the sentence of a refusal names it. */
const kinds = {
  text: isText,
  "a number": isNumber,
  "text or a number": (value: unknown) => isText(value) || isNumber(value),
  "true or false": (value: unknown) => typeof value === "boolean",
  "Y or N": (value: unknown) => value === "Y" || value === "N",
  "a URL": (value: unknown) => isText(value) && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
  "an object": isMap,
  "a list of numbers": listOf(isNumber),
  "a list of texts": listOf(isText),
  "a list of objects": listOf(isMap),
} satisfies Record<string, (value: unknown) => boolean>;

export type MemberKind = keyof typeof kinds;

/** @throws TypeError if the member holds something else */
export function requireKind(name: string, value: unknown, kind: MemberKind): void {
  if (!kinds[kind](value)) throw new TypeError(`${name} has to be ${kind}`);
}

/** What is absent may be. @throws RangeError if it is another value */
export function requireOneOf(name: string, value: unknown, allowed: readonly unknown[] | undefined): void {
  if (value === undefined || !allowed || allowed.includes(value)) return;
  throw new RangeError(`${name} has to be one of: ${allowed.join(", ")}`);
}

/** What is absent may be. @throws RangeError if it is less or more */
export function requireRange(name: string, value: number | undefined, [least, most]: [number, number?]): void {
  if (value === undefined || (value >= least && (most === undefined || value <= most))) return;
  throw new RangeError(
    `${name} has to be a number ${most === undefined ? `from ${least}` : `from ${least} to ${most}`}`,
  );
}

/**
 * An object that came from outside: a misspelt member would be kept without effect, one of another kind would break what comes
 * later. @throws TypeError or RangeError in words for the sender
 */
export function readMembers(what: string, input: unknown, members: Readonly<Record<string, MemberKind>>): object {
  requireKind(what, input, "an object");
  const given = input as object;
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(members, name) ? members[name] : undefined;
    if (!kind) throw new RangeError(`${what} has no ${name}, but: ${Object.keys(members).join(", ")}`);
    requireKind(name, value, kind);
  }
  return given;
}
