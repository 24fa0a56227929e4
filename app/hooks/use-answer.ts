import { type useActionData, useActionData as useAnyAnswer } from "@remix-run/react";
import { isLost } from "~/page/lost-answer";

/** What the page's action answered; undefined before it, and where its answer was lost (see `keepPage`). */
export function useAnswer<Action>(): ReturnType<typeof useActionData<Action>> {
  const answer = useAnyAnswer<Action>();
  return isLost(answer) ? undefined : answer;
}
