import { type ClientActionFunctionArgs, isRouteErrorResponse } from "@remix-run/react";

/** The action's data if its answer was lost. */
const lost = { lost: true } as const;

export const isLost = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "lost" in answer && answer.lost === true;

/**
 * The `clientAction` of every page with a form: if the connection breaks or the server fails, the page and its input
 * stay, and the form says what happened (PostForm). Otherwise the error page would replace them.
 */
export async function keepPage({ serverAction }: ClientActionFunctionArgs) {
  try {
    return await serverAction();
  } catch (error) {
    if (error instanceof Response || (isRouteErrorResponse(error) && error.status < 500)) throw error;
    // With a status of failure, so that the page's data are not loaded again: that would fail as well. As a response, since
    // Remix forgets the status of anything else that a clientAction returns.
    return Response.json(lost, { status: 503 });
  }
}
