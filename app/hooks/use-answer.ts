import { type useActionData, useActionData as useAnyAnswer } from "@remix-run/react";
import { useEffect, useState } from "react";
import { isLost } from "~/page/lost-answer";

/** Whether the answer to the page's last form was lost, so that what it changed is not known. */
export const useIsLost = (): boolean => isLost(useAnyAnswer());

/** What the page's action answered; undefined before it, and where its answer was lost (see `keepPage`). */
export function useAnswer<Action>(): ReturnType<typeof useActionData<Action>> {
  const answer = useAnyAnswer<Action>();
  return isLost(answer) ? undefined : answer;
}

/**
 * The last answer to one form of a page that has several: also while another one of them has been answered, which would else
 * throw away what is typed in this one. Gone once the page is opened again.
 *
 * @param answer what `useActionData` gives
 * @param partOf what of an answer is about this form; null: it is about another one
 */
export function useAnswerTo<Answer, Part extends object>(
  answer: Answer | undefined,
  partOf: (answer: Answer) => Part | null,
): Part | undefined {
  const [last, setLast] = useState<Part>();
  const kept = keptPart({ answer, partOf, last });
  useEffect(() => setLast(kept), [kept]);
  return kept;
}

/** For `useAnswerTo`; `last`: what it gave before. */
export function keptPart<Answer, Part>({
  answer,
  partOf,
  last,
}: {
  answer: Answer | undefined;
  partOf: (answer: Answer) => Part | null;
  last: Part | undefined;
}): Part | undefined {
  if (answer === undefined) return undefined;
  // What was sent is still in the form.
  return (isLost(answer) ? null : partOf(answer)) ?? last;
}
