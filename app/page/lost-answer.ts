import { type ClientActionFunctionArgs, isRouteErrorResponse } from "@remix-run/react";

/** Stands for the answer of an action that never came. */
const lost = { lost: true } as const;

export const isLost = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "lost" in answer && answer.lost === true;

/**
 * The `clientAction` of every page with a form: where the connection breaks, or the server is in trouble, the page and
 * all that was typed stay, and the form says what happened (PostForm). Without it the error page takes their place.
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
