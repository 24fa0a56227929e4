import { data, redirect } from "@remix-run/node";
import { getErasure } from "~server/privacy/erasures";
import type { Services } from "~server/services";

/**
 * What administrators get, to be thrown, where a person's page or form finds no person: the page of the erasure if there
 * was one, perhaps while the page was open, else a 404.
 */
export const notThere = async (services: Pick<Services, "db">, userId: number) =>
  (await getErasure(services, userId)) ? redirect(`/admin/rights/${userId}`) : data(null, { status: 404 });
