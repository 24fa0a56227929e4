import type { LoaderFunctionArgs } from "@remix-run/node";
import { getOnly } from "~/api/get-only.server";
import { openApiDocument } from "~/api/openapi.server";

export const loader = ({ context }: LoaderFunctionArgs) =>
  Response.json(openApiDocument(context.services.env.APP_URL), { headers: { "Cache-Control": "no-cache" } });

export const action = getOnly;
