import type { ActionFunctionArgs } from "@remix-run/node";
import { refuse } from "~/api/rest.server";
import { typeDeclarations } from "~/api/type-declarations.server";
import { AppError } from "~server/platform/errors";

export const loader = () =>
  new Response(typeDeclarations(), {
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-cache" },
  });

export const action = ({ request }: ActionFunctionArgs) => refuse(request, new AppError("METHOD_NOT_ALLOWED"), "GET");
