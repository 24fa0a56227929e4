import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import type { StoredPerson } from "~server/person/fields";

type Phone = Pick<StoredPerson, "phone" | "phoneExtension">;

/** A phone with its extension in the site's words, which `parsePhone` reads back. */
export const fullPhone = ({ phone, phoneExtension }: Phone, words: (digits: string) => string): string =>
  phoneExtension ? `${phone} ${words(phoneExtension)}` : phone;

/** A phone with the digits to dial once a switchboard has answered; a dash where a person has none. */
export function PhoneNumber({ of: person }: { of: Phone }) {
  const { none, phoneExtension: words } = useTexts(siteTexts);
  return <span className="tabular-nums">{fullPhone(person, words) || none}</span>;
}
