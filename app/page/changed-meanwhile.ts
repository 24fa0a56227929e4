import type { ShouldRevalidateFunctionArgs } from "@remix-run/react";
import { notAfterRefusal } from "./frame-data";

/**
 * The `shouldRevalidate` of pages that say that a colleague has changed or removed something meanwhile, and that they show
 * what applies now: after any other answer that refuses, a page's data are not loaded again. For a route with a function of
 * its own Remix says that the default were to load them after every answer.
 */
export const showChanged = (args: ShouldRevalidateFunctionArgs): boolean =>
  notAfterRefusal(args) || args.actionStatus === 409 || args.actionStatus === 404;
