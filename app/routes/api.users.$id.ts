import { endpoint, json, pathId } from "~/api/rest.server";

export const loader = endpoint("GET", async ({ caller, params }) =>
  json(await caller.getUser({ id: pathId(params.id) })),
);

export const action = loader;
