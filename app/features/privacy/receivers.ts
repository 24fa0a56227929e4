import type { PrivacySettings } from "~server/privacy/settings";
import type { privacyTexts } from "./texts";

/** Where a person's data is and who gets it: all that the settings allow, so that the last sentence holds. */
export const receivers = (
  m: (typeof privacyTexts)["en"]["where"],
  { holdsUntilConfirmed, sendsMail, tellsManagers, tellsPrograms }: PrivacySettings,
): (string | false)[] => [
  m.site,
  m.crm,
  holdsUntilConfirmed && m.held,
  sendsMail && m.mail,
  tellsManagers && m.managers,
  tellsPrograms && m.programs,
  m.ads,
  m.nobody,
];
