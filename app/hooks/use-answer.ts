import { type useActionData, useActionData as useAnyAnswer } from "@remix-run/react";
import { isLost } from "~/page/lost-answer";

/** Whether the answer to the page's last form was lost, so that what it changed is not known. */
export const useIsLost = (): boolean => isLost(useAnyAnswer());

/** What the page's action answered; undefined before it, and where its answer was lost (see `keepPage`). */
export function useAnswer<Action>(): ReturnType<typeof useActionData<Action>> {
  const answer = useAnyAnswer<Action>();
  return isLost(answer) ? undefined : answer;
}
