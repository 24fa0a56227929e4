import { endpoint, json } from "~/api/rest.server";

export const action = endpoint("POST", async ({ caller, body }) => {
  const made = await caller.createRegistration(await body());
  return json(made, 201, { Location: `/api/users/${made.userId}` });
});

export const loader = action;
