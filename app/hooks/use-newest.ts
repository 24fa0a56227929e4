import { useState } from "react";

/**
 * Of the answers to a page's several forms, the one that arrived last. Undefined before the first answer, and once the form
 * that was answered last has no answer any more.
 */
export function useNewest<T>(...answers: (T | undefined)[]): T | undefined {
  const [known, setKnown] = useState({ answers, newest: answers.findIndex((answer) => answer !== undefined) });
  if (answers.every((answer, place) => answer === known.answers[place])) return answers[known.newest];
  const came = answers.findIndex((answer, place) => answer !== undefined && answer !== known.answers[place]);
  const newest = came < 0 ? known.newest : came;
  // While rendering, so that a new answer is never shown with an older one.
  setKnown({ answers, newest });
  return answers[newest];
}
