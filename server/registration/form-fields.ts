/** Names of the fields by which the form guard tells people from bots. Apart from it, since the browser renders them. */

/** Invisible to people and left alone by autofill; bots that fill everything fill it. */
export const honeypotField = "website";
export const stampField = "_stamp";
/** What the browser has worked out while sign-ups were unusual. */
export const workField = "_work";
/** The language the form was shown in, which is the one its consent was read in. */
export const languageField = "_lang";
