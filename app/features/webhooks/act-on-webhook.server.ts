import { data } from "@remix-run/node";
import { sentId } from "~/page/page-id.server";
import type { Actor } from "~server/audit/actor";
import { isAppError } from "~server/platform/errors";
import { parseLogId } from "~server/platform/ids";
import type { Services } from "~server/services";
import { removeWebhook, resendDelivery, sendTest, switchWebhook } from "~server/webhooks/webhooks";

export type Done = "test" | "on" | "off" | "remove" | "again";
type Act = (services: Services, actor: Actor & { kind: "USER" }, value: string) => Promise<void>;

const acts: Record<Done, Act> = {
  test: (services, actor, id) => sendTest(services, { actor, id: sentId(id) }),
  on: (services, actor, id) => switchWebhook(services, { actor, id: sentId(id), on: true }),
  off: (services, actor, id) => switchWebhook(services, { actor, id: sentId(id), on: false }),
  remove: (services, actor, id) => removeWebhook(services, { actor, id: sentId(id) }),
  again: (services, actor, value) => {
    const id = parseLogId(value);
    if (id === null) throw data(null, { status: 400 });
    return resendDelivery(services, { actor, id });
  },
};

/**
 * Does what a button of the page's lists asks for; null: none was pressed. `isGone`: a colleague has removed the webhook
 * while the page was open, or the message is no longer kept.
 */
export async function actOnWebhook(
  services: Services,
  { actor, form }: { actor: Actor & { kind: "USER" }; form: FormData },
): Promise<{ done: Done | null; isGone: boolean } | null> {
  for (const done of Object.keys(acts) as Done[]) {
    const value = form.get(done);
    if (typeof value !== "string") continue;
    try {
      await acts[done](services, actor, value);
      return { done, isGone: false };
    } catch (error) {
      if (isAppError(error, "NOT_FOUND")) return { done: null, isGone: true };
      throw error;
    }
  }
  return null;
}
