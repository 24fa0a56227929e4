import type { ShouldRevalidateFunctionArgs } from "@remix-run/react";

/**
 * The `shouldRevalidate` of pages that say that a colleague has changed or removed something meanwhile, and that they show
 * what applies now: after an answer that refuses, a page's data are not loaded again otherwise.
 */
export const showChanged = ({ actionStatus, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs): boolean =>
  defaultShouldRevalidate || actionStatus === 409 || actionStatus === 404;
