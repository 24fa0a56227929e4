import { Lanes } from "../platform/lanes";
import { lookEvery } from "../platform/repeat";
import type { Services } from "../services";
import { endAlerts } from "./alert-ends";
import { claimMessage, composeMessages, recordSent, waitingChannels } from "./alert-messages";
import { messageWords } from "./alert-texts";
import { type Channel, openChannels, sendBy } from "./channels";

type Deps = Pick<Services, "db" | "env" | "log" | "mail">;

/** Sends alerts, in a lane for each channel. */
export class AlertSender extends Lanes<Channel> {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    super();
    this.#deps = deps;
  }

  /** Makes messages of what is to be told by now, too. */
  protected async due(): Promise<Channel[]> {
    await composeMessages(this.#deps);
    return waitingChannels(this.#deps);
  }

  protected failed(channel: Channel, err: unknown): void {
    this.#deps.log.warn({ err, channel }, "alerts could not be sent");
  }

  protected async sendNext(channel: Channel): Promise<boolean> {
    // The channel may be removed while its messages wait.
    if (!openChannels(this.#deps).includes(channel)) return false;
    const message = await claimMessage(this.#deps, channel);
    if (!message) return false;
    const { id, items } = message;
    const words = messageWords(this.#deps, items);
    const sent = await sendBy(this.#deps, channel, { ...words, id: `alert-${id}`, data: items });
    await recordSent(this.#deps, message, sent);
    // Codes only: a receiver's words may hold what it was sent.
    if (!sent.ok) this.#deps.log.warn({ channel, code: sent.code, attempt: message.attempts }, "alert was not sent");
    return true;
  }
}

/** Looks for alerts at intervals, in every process: the worker may be what is missing. Returns a function that ends it. */
export function watchAlerts(deps: Deps, { everyMs = 2_000, endsEvery = 5 } = {}): () => Promise<void> {
  const sender = new AlertSender(deps);
  let looks = 0;
  const look = async () => {
    try {
      if (looks++ % endsEvery === 0) await endAlerts(deps);
      await sender.startDue();
    } catch (err) {
      deps.log.warn({ err }, "due alerts could not be read");
    }
  };
  const end = lookEvery(everyMs, look);
  return async () => {
    await end();
    await sender.stop();
  };
}
