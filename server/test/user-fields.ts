import type { UserField, UserFieldType } from "../../e2e/portal/administration";

export const userFieldTypes: UserFieldType[] = [
  "string",
  "integer",
  "double",
  "boolean",
  "date",
  "datetime",
  "enumeration",
  "money",
  "url",
];

/** A user field of each type, once for one value and once for several, for the stand-in. `items`: of the lists. */
export const everyUserField = (
  record: string,
  items: { id: number; value: string }[],
  types = userFieldTypes,
): UserField[] =>
  types.flatMap((type) =>
    [false, true].map((multiple) => ({
      name: `UF_CRM_${record}_${type.toUpperCase()}${multiple ? "_MANY" : ""}`,
      type,
      multiple,
      title: `${type} of ${record}`,
      ...(type === "enumeration" ? { items } : {}),
    })),
  );
