import { endpoint, json } from "~/api/rest.server";

export const action = endpoint("POST", async ({ caller, body }) => json(await caller.updatePayment(await body())));

export const loader = action;
