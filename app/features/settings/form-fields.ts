/** The newest change that the page showed. */
export const seenField = "seen";
/** "save": the form of the second step, which has shown what is to be saved. */
export const stepField = "step";
