import "~/page/arrival";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { Outlet } from "@remix-run/react";
import { AdminMenu } from "~/features/administration/admin-menu";
import { menuAttention } from "~/features/administration/attention.server";
import type { PageHandle } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";

/** Around every page of the administration. */
export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  return { attention: await menuAttention(args.context) };
}

export { notAfterRefusal as shouldRevalidate } from "~/page/frame-data";

export const handle: PageHandle = { Menu: AdminMenu };

export default function Administration() {
  return <Outlet />;
}
