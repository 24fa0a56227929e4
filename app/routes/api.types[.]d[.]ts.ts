import { getOnly } from "~/api/get-only.server";
import { typeDeclarations } from "~/api/type-declarations.server";

export const loader = () =>
  new Response(typeDeclarations(), {
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-cache" },
  });

export const action = getOnly;
