import type { PersonData } from "../person/fields";
import { cutByPortal, fitted } from "./field-lengths";
import { emoji, plainFields } from "./ornaments";

interface ContactNames {
  name: string;
  lastName: string;
}
type Named = Pick<PersonData, "firstName" | "lastName" | "email">;

/** The person's names as they are sent to a contact: what its fields hold, without what the portal refuses. */
export const contactNames = ({ firstName, lastName, email }: Named, leftOut: string[]): ContactNames =>
  plainFields(
    { name: fitted("name", firstName), lastName: fitted("lastName", lastName ?? "") },
    leftOut,
    fitted("name", email),
  );

/**
 * Every form in which a contact may have the person's names: as they are sent now, whole as an earlier release sent
 * them, and cut as a portal may have kept those. Each with emoji and without: a registration may have left them out
 * without a note in its row.
 */
export const heldNames = (person: Named, leftOut: string[]): ContactNames[] =>
  [[], [...leftOut, emoji]].flatMap((left) => {
    const names = { name: person.firstName, lastName: person.lastName ?? "" };
    const whole = plainFields(names, left, person.email);
    const cut = { name: cutByPortal("name", whole.name), lastName: cutByPortal("lastName", whole.lastName) };
    return [contactNames(person, left), whole, cut];
  });
