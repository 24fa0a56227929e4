import { endpoint, json, listKinds } from "~/api/rest.server";

export const loader = endpoint("GET", async ({ caller, query }) => json(await caller.listUsers(query(listKinds))));

export const action = loader;
