import "~/page/arrival";
import { data } from "@remix-run/node";

/** Every address that no other route has: a route of its own, so that the 404 page knows language and viewer. */
export const loader = () => {
  throw data(null, { status: 404 });
};

export const action = loader;

export default function NotFound() {
  return null;
}
