import type { LoaderFunctionArgs } from "@remix-run/node";
import { getOnly } from "~/api/get-only.server";
import { accentStyles } from "~server/platform/accent";

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

export const action = getOnly;
