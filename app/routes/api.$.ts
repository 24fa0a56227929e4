import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { refuse } from "~/api/rest.server";
import { AppError } from "~server/platform/errors";

/** Programs get JSON for an address that does not exist, not the page for people. */
const notFound = ({ request }: LoaderFunctionArgs | ActionFunctionArgs) => refuse(request, new AppError("NOT_FOUND"));

export const loader = notFound;
export const action = notFound;
