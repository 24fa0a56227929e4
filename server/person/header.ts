import { type PersonFieldName, personField } from "./fields";

/** What a person's field is called on pages and in lists. Apart from the fields, since the sign-up page loads those. */
export function personHeader(name: PersonFieldName): { en: string; ru: string } {
  const { header, label } = personField(name);
  return header ?? label;
}
