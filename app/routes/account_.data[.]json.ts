import type { LoaderFunctionArgs } from "@remix-run/node";
import { requireOwnDataTurn } from "~/features/account/own-data-limit.server";
import { requirePageUser } from "~/page/session.server";
import { copyPerson } from "~server/privacy/own-data";

/** Everything that is kept of the signed-in person, as a file. */
export async function loader(args: LoaderFunctionArgs) {
  const actor = await requirePageUser(args);
  await requireOwnDataTurn(args.context, actor.id);
  const copy = await copyPerson(args.context.services, { actor, userId: actor.id, forAdministrator: false });
  return new Response(`${JSON.stringify(copy, null, 2)}\n`, {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": 'attachment; filename="my-data.json"',
      "Cache-Control": "no-store",
    },
  });
}
