import type { Services } from "../services";
import { endAlerts } from "./alert-ends";
import { claimMessage, composeMessages, recordSent, waitingChannels } from "./alert-messages";
import { messageWords } from "./alert-texts";
import { type Channel, openChannels, sendBy } from "./channels";

type Deps = Pick<Services, "db" | "env" | "log" | "mail">;

/**
 * Sends alerts. Each channel has a lane of its own, so that one which hangs holds up no other; and all of it is apart from
 * the worker, which only notes in the database what is to be told. Any number of processes may send side by side.
 */
export class AlertSender {
  readonly #deps: Deps;
  readonly #lanes = new Map<Channel, Promise<void>>();
  #stopping = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Makes messages of what is due, and starts a lane for each channel that has messages and no lane. */
  async startDue(): Promise<void> {
    await composeMessages(this.#deps);
    for (const channel of await waitingChannels(this.#deps)) {
      if (this.#stopping || this.#lanes.has(channel)) continue;
      const lane = this.#run(channel)
        .catch((err: unknown) => this.#deps.log.warn({ err, channel }, "alerts could not be sent"))
        .finally(() => this.#lanes.delete(channel));
      this.#lanes.set(channel, lane);
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

  async #run(channel: Channel): Promise<void> {
    // The channel may be removed while its messages wait.
    while (!this.#stopping && openChannels(this.#deps).includes(channel)) {
      const message = await claimMessage(this.#deps, channel);
      if (!message) return;
      const { id, items } = message;
      const words = messageWords(this.#deps, items);
      const sent = await sendBy(this.#deps, channel, { ...words, id: `alert-${id}`, data: items });
      await recordSent(this.#deps, message, sent);
      // Codes only: a receiver's words may hold what it was sent.
      if (!sent.ok) this.#deps.log.warn({ channel, code: sent.code, attempt: message.attempts }, "alert was not sent");
    }
  }
}

/** Looks for alerts at intervals, in every process: the worker may be what is missing. Returns a function that ends it. */
export function watchAlerts(deps: Deps, { everyMs = 2_000, endsEvery = 5 } = {}): () => Promise<void> {
  const sender = new AlertSender(deps);
  let looking = Promise.resolve();
  let looks = 0;
  const look = async () => {
    try {
      if (looks++ % endsEvery === 0) await endAlerts(deps);
      await sender.startDue();
    } catch (err) {
      deps.log.warn({ err }, "alerts could not be looked for");
    }
  };
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
