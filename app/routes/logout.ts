import { type ActionFunctionArgs, data, redirect } from "@remix-run/node";
import { signOut } from "~server/auth/auth";

/** By POST only: a link or an image on another page must not be able to sign a person out. */
export const loader = () => {
  throw data(null, { status: 405, headers: { Allow: "POST" } });
};

export async function action({ request, context }: ActionFunctionArgs) {
  const setCookie = await signOut(context.services, request.headers.get("cookie"));
  return redirect("/", { headers: { "Set-Cookie": setCookie } });
}
