/** Names of the form guard's fields. In a file of their own, since the browser renders them. */

/** Hidden from people and ignored by autofill; bots that fill in every field fill it in. */
export const honeypotField = "website";
export const stampField = "_stamp";
/** The browser's proof of work, required while sign-ups are unusual. */
export const workField = "_work";
/** Where the visitor came from, in a form that another site's page shows. */
export const visitField = "_visit";
/** The language in which the form, and so its consent, was shown. */
export const languageField = "_lang";
