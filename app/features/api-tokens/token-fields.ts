import { tokenDays } from "~server/auth/token-scopes";

export const maxTokenName = 100;

/** Distinguishes a form without a ticked scope from a POST without scopes, which means all of them. */
export const scopesShownField = "scopes-shown";

/** The newest token that the page showed. */
export const seenField = "seen";

export const dayChoices = [30, 90, tokenDays.usual, tokenDays.most] as const;
