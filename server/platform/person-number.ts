import { cleanText } from "./clean-text";
import { maxId, parseId } from "./ids";

/** How people's numbers are typed. Loaded by the browser as well. */

/** The user number as shown to the person and to administrators: "№ 101". Null for any other search. */
export function searchedId(q: string): number | null {
  const [, digits] = /^(?:№|#|no\.?|n°|номер)\s*(\d{1,10})$/i.exec(cleanText(q)) ?? [];
  const id = Number(digits ?? 0);
  return id > 0 && id <= maxId ? id : null;
}

/** A person's number where a person is asked for by it: alone, or as it is shown. Null for anything else. */
export const personNumber = (text: string): number | null => parseId(cleanText(text)) ?? searchedId(text);
