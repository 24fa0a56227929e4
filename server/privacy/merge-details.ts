import { personColumns } from "../person/columns";
import { type PersonFieldName, personFieldNames, type StoredPerson } from "../person/fields";
import { AppError } from "../platform/errors";
import { threeWay } from "../platform/three-way";

/** Columns of a person; blank, null and left out mean the same. */
type Columns = { [Column in keyof StoredPerson]?: string | null | undefined };

/** A person's columns as a page showed them. */
export type ShownDetails = { [Column in keyof StoredPerson]?: string };

const { email: _, ...correctable } = personColumns;
export const shownColumns = Object.keys(correctable) as (keyof typeof correctable)[];

/** The same fields were changed since the page showed them. `theirs`: fields that were changed as well, and not typed in. */
export class OvertakenDetailsError extends AppError<"CONFLICT"> {
  constructor(
    readonly overtaken: PersonFieldName[],
    readonly theirs: PersonFieldName[],
  ) {
    super("CONFLICT", { details: {} });
  }
}

/**
 * The details as they are to be stored: what was not touched since it was shown stays as it is now. Without `shown`, as from a
 * page of an earlier release, they replace all. Throws OvertakenDetailsError.
 */
export function mergeDetails<Details extends Columns>(
  details: Details,
  { shown, now }: { shown: ShownDetails | null; now: StoredPerson },
): Details {
  if (!shown) return details;
  const { theirs, overtaken } = threeWay(
    personFieldNames.filter((name) => name !== "email"),
    { shown: valueIn(shown), wanted: valueIn(details), now: valueIn(now) },
  );
  if (overtaken.length > 0) throw new OvertakenDetailsError(overtaken, theirs);
  const kept = theirs.flatMap((name): (keyof StoredPerson)[] => (name === "phone" ? [name, "phoneExtension"] : [name]));
  return { ...details, ...Object.fromEntries(kept.map((column) => [column, now[column]])) };
}

/** A phone is changed with its extension. */
const valueIn = (of: Columns) => (name: PersonFieldName) =>
  name === "phone" ? `${of.phone ?? ""};ext=${of.phoneExtension ?? ""}` : (of[name] ?? "");
