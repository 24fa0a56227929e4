/** Replaces an e-mail that the portal demands. The domain is reserved: nothing that is sent there reaches anyone. */
export const erasedEmail = (userId: number): string => `erased-${userId}@erased.invalid`;

/** Replaces a phone number that the portal demands. It can be neither called nor matched. */
export const erasedPhone = "0000000000";

/** Replaces a name or another text. In both languages, since the portal's language is not known. */
export const erasedText = "Удалено / Erased";

/** Replaces a link that the portal demands. */
export const erasedPage = "https://erased.invalid";
