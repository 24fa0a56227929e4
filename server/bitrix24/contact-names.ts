import type { PersonData } from "../person/fields";
import { fitted } from "./field-lengths";
import { plainFields } from "./ornaments";

/** The person's names as they are sent to a contact: what its fields hold, without what the portal refuses. */
export const contactNames = (
  { firstName, lastName, email }: Pick<PersonData, "firstName" | "lastName" | "email">,
  leftOut: string[],
): { name: string; lastName: string } =>
  plainFields(
    { name: fitted("name", firstName), lastName: fitted("lastName", lastName ?? "") },
    leftOut,
    fitted("name", email),
  );
