import { expect, test } from "vitest";
import { actOnWebhook } from "~/features/webhooks/act-on-webhook.server";
import { startCrm } from "~server/test/crm";
import { makeAdmin } from "~server/test/factories";
import { createWebhook, removeWebhook } from "~server/webhooks/webhooks";

test("buttons of a webhook that a colleague has removed while the page was open do nothing, and it is said", async () => {
  const { services } = await startCrm();
  const [actor, colleague] = [await makeAdmin(services.db), await makeAdmin(services.db)].map(
    (admin) => ({ ...admin, kind: "USER" }) as const,
  ) as [never, never];
  const { id } = await createWebhook(services, {
    actor,
    url: "https://shop.example.com/hook",
    events: ["paid" as never],
    seen: 0,
  });
  const send = (button: string) => {
    const form = new FormData();
    form.set(button, String(id));
    return actOnWebhook(services, { actor, form });
  };
  expect(await send("off")).toEqual({ done: "off", isGone: false });
  await removeWebhook(services, { actor: colleague, id });
  for (const button of ["test", "on", "off", "remove", "again"])
    expect(await send(button), button).toEqual({ done: null, isGone: true });
  expect(await actOnWebhook(services, { actor, form: new FormData() })).toBeNull();
});
