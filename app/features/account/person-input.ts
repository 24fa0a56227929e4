/** The input that says whose page a form was shown on. */
export const personInput = "person";
