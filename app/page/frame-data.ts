import type { ShouldRevalidateFunctionArgs } from "@remix-run/react";

/**
 * The `shouldRevalidate` of what is around every page. After a form that was refused, or whose answer was lost, nothing around
 * the page is loaded again: while the network is away that would fail, and an error would replace the page. Remix loads
 * routes without a function of their own after every form that a fetcher has sent.
 */
export const notAfterRefusal = ({ actionStatus, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs): boolean =>
  actionStatus === undefined || actionStatus < 400 ? defaultShouldRevalidate : false;
