import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { openApiDocument } from "~/api/openapi.server";
import { refuse } from "~/api/rest.server";
import { AppError } from "~server/platform/errors";

export const loader = ({ context }: LoaderFunctionArgs) =>
  Response.json(openApiDocument(context.services.env.APP_URL), { headers: { "Cache-Control": "no-cache" } });

export const action = ({ request }: ActionFunctionArgs) => refuse(request, new AppError("METHOD_NOT_ALLOWED"), "GET");
