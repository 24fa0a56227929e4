import type { ActionFunctionArgs } from "@remix-run/node";
import { refuse } from "~/api/rest.server";
import { AppError } from "~server/platform/errors";

/** The action of an address that is only read. */
export const getOnly = ({ request }: ActionFunctionArgs): Response =>
  refuse(request, new AppError("METHOD_NOT_ALLOWED"), "GET");
