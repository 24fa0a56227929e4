import { tokenDays } from "~server/auth/token-scopes";

export const maxTokenName = 100;

/** Tells a form without a ticked scope from a post that says nothing of scopes, which means all of them. */
export const scopesShownField = "scopes-shown";

/** The newest token that the page showed. */
export const seenField = "seen";

export const dayChoices = [30, 90, tokenDays.usual, tokenDays.most] as const;
