import { endpoint, json } from "~/api/rest.server";

export const action = endpoint("POST", async ({ caller, body }) => {
  const result = await caller.createDeal(await body());
  return json(result, "crmState" in result ? 202 : 200);
});

export const loader = action;
