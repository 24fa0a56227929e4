import type { ActionFunctionArgs } from "@remix-run/node";
import { json, refuse } from "~/api/rest.server";
import { takeEvent } from "~server/deal-sync/webhook";
import { AppError } from "~server/platform/errors";
import { appErrorOf } from "~server/trpc/errors";

/** The portal's outgoing webhook. It is answered before anything is compared: a slow handler slows its whole queue. */
export async function action({ request, context }: ActionFunctionArgs): Promise<Response> {
  try {
    if (request.method !== "POST") throw new AppError("METHOD_NOT_ALLOWED");
    if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers.get("content-type") ?? ""))
      throw new AppError("UNSUPPORTED_MEDIA_TYPE", { details: { takes: "form" } });
    await takeEvent(context.services, await request.text());
    return json({});
  } catch (error) {
    const refused = appErrorOf(error);
    if (refused.code === "INTERNAL") throw error;
    return refuse(request, refused, "POST");
  }
}

export const loader = action;
