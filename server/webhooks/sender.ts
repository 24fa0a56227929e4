import type { Services } from "../services";
import { bodyOf, type ClaimedDelivery, claimDelivery, dueWebhooks, isGone, recordAttempt } from "./deliveries";
import { type Outcome, postMessage } from "./post-message";
import { openSecret, resealSecrets } from "./secrets";
import { signedHeaders } from "./signature";
import { disableGone } from "./webhooks";

type Deps = Pick<Services, "db" | "env" | "log">;

const timeoutMs = 15_000;

/**
 * Sends what waits in the outbox. Each webhook has a lane of its own, in which one message follows the other, so that a
 * receiver that hangs holds up nobody else; and all of it is apart from the worker, which never waits for a receiver.
 * Any number of processes may send side by side.
 */
export class WebhookSender {
  readonly #deps: Deps;
  readonly #lanes = new Map<number, Promise<void>>();
  #stopping = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Starts a lane for each webhook that has messages due and no lane. */
  async startDue(): Promise<void> {
    for (const id of await dueWebhooks(this.#deps)) {
      if (this.#stopping || this.#lanes.has(id)) continue;
      const lane = this.#run(id)
        .catch((err: unknown) => this.#deps.log.warn({ err, webhookId: id }, "webhook could not be sent to"))
        .finally(() => this.#lanes.delete(id));
      this.#lanes.set(id, lane);
    }
  }

  /** Until nothing is due any more. */
  async runDue(): Promise<void> {
    await this.startDue();
    await Promise.all(this.#lanes.values());
  }

  /** Lets the attempts that are under way end; no other one begins. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#lanes.values());
  }

  async #run(webhookId: number): Promise<void> {
    while (!this.#stopping) {
      const delivery = await claimDelivery(this.#deps, webhookId);
      if (!delivery) return;
      const startedAt = Date.now();
      const outcome = await this.#attempt(delivery);
      await recordAttempt(this.#deps, delivery, { outcome, durationMs: Date.now() - startedAt });
      if (isGone(outcome)) await disableGone(this.#deps, webhookId);
    }
  }

  async #attempt({ id, webhookId, messageId, url, sealedSecret }: ClaimedDelivery): Promise<Outcome> {
    const { env } = this.#deps;
    const secret = await openSecret(this.#deps, { id: webhookId, url, sealedSecret });
    // The session secret by which it was encrypted is gone.
    if (secret === undefined) return { error: "SECRET_LOST" };
    const body = await bodyOf(this.#deps, id);
    if (body === null) return { error: "erased" };
    const timestamp = Math.floor(Date.now() / 1_000);
    const headers = signedHeaders(secret, { id: messageId, timestamp, body });
    return postMessage({ url, headers, body, internalHosts: env.WEBHOOK_INTERNAL_HOSTS, timeoutMs });
  }
}

/** Looks for messages at intervals. Returns a function that ends that. */
export function watchWebhooks(deps: Deps, { everyMs = 1_000 } = {}): () => Promise<void> {
  const sender = new WebhookSender(deps);
  let looking = resealSecrets(deps).catch((err: unknown) =>
    deps.log.warn({ err }, "secrets of webhooks could not be sealed again"),
  );
  const look = () =>
    sender.startDue().catch((err: unknown) => deps.log.warn({ err }, "webhooks could not be looked for"));
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
    await sender.stop();
  };
}
