import { data } from "@remix-run/node";
import { errorPageTexts } from "~/i18n/errors";
import { pageMeta } from "~/page-meta";

/** Every address that no other route has: a route of its own, so that the 404 page knows language and viewer. */
export const loader = () => {
  throw data(null, { status: 404 });
};

export const action = loader;

export const meta = pageMeta(errorPageTexts, (m) => ({ title: m.notFound.title }));

export default function NotFound() {
  return null;
}
