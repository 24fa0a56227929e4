import { endpoint, json, listKinds } from "~/api/rest.server";

export const loader = endpoint("GET", async ({ caller, query }) => json(await caller.searchUsers(query(listKinds))));

export const action = loader;
