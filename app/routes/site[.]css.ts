import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { refuse } from "~/api/rest.server";
import { accentStyles } from "~server/platform/accent";
import { AppError } from "~server/platform/errors";

/** The owner's colours: a stylesheet of its own, since the content security policy allows no styles in pages. */
export function loader({ request, context }: LoaderFunctionArgs) {
  const accent = context.services.env.SITE_ACCENT ?? null;
  // Another process may know a newer colour than this one: then the answer is not kept.
  const isAsked = new URL(request.url).searchParams.get("accent") === accent?.slice(1);
  return new Response(accent ? accentStyles(accent) : "", {
    headers: {
      "Content-Type": "text/css; charset=utf-8",
      "Cache-Control": isAsked ? "public, max-age=31536000, immutable" : "no-cache",
    },
  });
}

export const action = ({ request }: ActionFunctionArgs) => refuse(request, new AppError("METHOD_NOT_ALLOWED"), "GET");
