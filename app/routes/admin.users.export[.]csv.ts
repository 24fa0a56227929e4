import { Readable } from "node:stream";
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from "@remix-run/node";
import { adminUsersTexts } from "~/features/users/list-texts";
import { askPasswordBefore } from "~/page/password-again.server";
import { requirePageAdmin } from "~/page/session.server";
import { requestLocale } from "~server/http/request-locale";
import { dayIn } from "~server/platform/time-zone";
import { exportUsers } from "~server/users/export";
import { parseUserQuery } from "~server/users/filter";

export async function loader(args: LoaderFunctionArgs) {
  const { request, context } = args;
  const actor = await requirePageAdmin(args);
  await askPasswordBefore(args);
  const { filter } = parseUserQuery(new URL(request.url).searchParams);
  const pieces = exportUsers(context.services, {
    actor,
    filter,
    style: adminUsersTexts[requestLocale(request)].sheet,
    drained: context.drained,
    signal: request.signal,
  });
  const day = dayIn(context.services.env.TIME_ZONE, new Date());
  return new Response(createReadableStreamFromReadable(Readable.from(pieces, { highWaterMark: 1 })), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="people-${day}.csv"`,
      // Uncompressed, so that the pace of the connection is felt here.
      "Cache-Control": "no-store, no-transform",
    },
  });
}
