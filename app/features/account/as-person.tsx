import { createContext, useContext } from "react";
import { personInput } from "./person-input";

const PersonContext = createContext<number | null>(null);

/** Round the forms of a person's own pages, with the person's id. */
export const PersonForms = PersonContext.Provider;

/**
 * Says whose page a form was shown on: in another tab this browser may be signed in as another person by now. Nothing on
 * pages where an administrator acts for a person.
 */
export function AsPerson() {
  const person = useContext(PersonContext);
  return person === null ? null : <input type="hidden" name={personInput} value={person} />;
}
