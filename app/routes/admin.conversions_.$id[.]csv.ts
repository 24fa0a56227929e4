import type { LoaderFunctionArgs } from "@remix-run/node";
import { pageId, throwAsPage } from "~/page/page-id.server";
import { askPasswordBefore } from "~/page/password-again.server";
import { requirePageAdmin } from "~/page/session.server";
import { conversionFile } from "~server/payments/conversion-file";

export async function loader(args: LoaderFunctionArgs) {
  const actor = await requirePageAdmin(args);
  await askPasswordBefore(args);
  try {
    const { name, text } = await conversionFile(args.context.services, { actor, id: pageId(args.params.id) });
    return new Response(text, {
      headers: {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": `attachment; filename="${name}"`,
        "Cache-Control": "no-store",
      },
    });
  } catch (error) {
    throwAsPage(error);
  }
}
