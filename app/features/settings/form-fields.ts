/** The number or e-mail of a person whose registration is to be shown with the changed settings. */
export const personField = "person";
/** The uploaded picture. */
export const logoFile = "logo";
/** The newest change that the page showed. */
export const seenField = "seen";
/** A newer one that the page has made itself, and shows while its other data are not loaded again. */
export const ownField = "own";
/** The channel of alerts that is to be tried. */
export const testField = "test";
/** The tick that removes a secret. */
export const removeField = (key: string): string => `${key}.remove`;
/** "save": the form of the second step, which has shown what is to be saved. */
export const stepField = "step";
