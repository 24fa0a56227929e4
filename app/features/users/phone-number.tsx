import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import type { StoredPerson } from "~server/person/fields";

/** A phone with the digits to dial once a switchboard has answered; a dash where a person has none. */
export function PhoneNumber({ of: { phone, phoneExtension } }: { of: Pick<StoredPerson, "phone" | "phoneExtension"> }) {
  const { none, phoneExtension: words } = useTexts(siteTexts);
  return <span className="tabular-nums">{phoneExtension ? `${phone} ${words(phoneExtension)}` : phone || none}</span>;
}
