/**
 * How long after a form its repetition may come: a second press, or a new attempt after a lost answer. What the same maker
 * made earlier than that was made on purpose, also if the page of the later form was opened before it.
 */
export const resentWithinMs = 2 * 60_000;
