import type { LoaderFunctionArgs } from "@remix-run/node";
import { pageId, throwAsPage } from "~/page/page-id.server";
import { requirePageAdmin } from "~/page/session.server";
import { copyPerson } from "~server/privacy/own-data";

/** Everything that is kept of a person, for an administrator who answers their request. */
export async function loader(args: LoaderFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const userId = pageId(args.params.id);
  try {
    const copy = await copyPerson(args.context.services, { actor, userId, forAdministrator: true });
    return new Response(`${JSON.stringify(copy, null, 2)}\n`, {
      headers: {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Disposition": `attachment; filename="person-${userId}.json"`,
        "Cache-Control": "no-store",
      },
    });
  } catch (error) {
    throwAsPage(error);
  }
}
