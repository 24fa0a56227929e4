import { elapsedMs } from "../platform/elapsed";
import { Lanes } from "../platform/lanes";
import { lookEvery } from "../platform/repeat";
import type { Services } from "../services";
import { bodyOf, type ClaimedDelivery, claimDelivery, dueWebhooks, isGone, recordAttempt } from "./deliveries";
import { type Outcome, postMessage } from "./post-message";
import { openSecret, resealSecrets } from "./secrets";
import { signedHeaders } from "./signature";
import { disableGone } from "./webhooks";

type Deps = Pick<Services, "db" | "env" | "log">;

const timeoutMs = 15_000;

/** Sends what waits in the outbox, in a lane for each webhook. */
export class WebhookSender extends Lanes<number> {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    super();
    this.#deps = deps;
  }

  protected due(): Promise<number[]> {
    return dueWebhooks(this.#deps);
  }

  protected failed(webhookId: number, err: unknown): void {
    this.#deps.log.warn({ err, webhookId }, "sending to a webhook failed");
  }

  protected async sendNext(webhookId: number): Promise<boolean> {
    const delivery = await claimDelivery(this.#deps, webhookId);
    if (!delivery) return false;
    const startedAt = elapsedMs();
    const outcome = await this.#attempt(delivery);
    await recordAttempt(this.#deps, delivery, { outcome, durationMs: Math.round(elapsedMs() - startedAt) });
    if (isGone(outcome)) await disableGone(this.#deps, webhookId);
    return true;
  }

  async #attempt({ id, webhookId, messageId, url, sealedSecret }: ClaimedDelivery): Promise<Outcome> {
    const { env } = this.#deps;
    const secret = await openSecret(this.#deps, { id: webhookId, url, sealedSecret });
    // The session secret by which it was encrypted is gone.
    if (secret === undefined) return { error: "SECRET_LOST" };
    const said = await bodyOf(this.#deps, id);
    if ("unsaid" in said) return { error: said.unsaid };
    const { body } = said;
    const timestamp = Math.floor(Date.now() / 1_000);
    const headers = signedHeaders(secret, { id: messageId, timestamp, body });
    return postMessage({ url, headers, body, internalHosts: env.WEBHOOK_INTERNAL_HOSTS, timeoutMs });
  }
}

/** Looks for messages at intervals. Returns a function that ends that. */
export function watchWebhooks(deps: Deps, { everyMs = 1_000 } = {}): () => Promise<void> {
  const sender = new WebhookSender(deps);
  const resealed = resealSecrets(deps).catch((err: unknown) =>
    deps.log.warn({ err }, "secrets of webhooks could not be encrypted with the present SESSION_SECRET"),
  );
  const look = () =>
    sender.startDue().catch((err: unknown) => deps.log.warn({ err }, "due webhook messages could not be read"));
  const end = lookEvery(everyMs, look, resealed);
  return async () => {
    await end();
    await sender.stop();
  };
}
