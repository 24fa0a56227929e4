import { canMail, checkMail } from "../platform/mail";
import type { Services } from "../services";
import { type Outcome, postMessage } from "../webhooks/post-message";
import { hostOf } from "../webhooks/public-address";
import type { AlertWords } from "./alert-texts";

/** Ways by which administrators are told, in the order of the page. */
export const channels = ["mail", "telegram", "address"] as const;
export type Channel = (typeof channels)[number];

type Deps = Pick<Services, "env" | "mail">;

/** A message as the channels send it; `data` is for programs. */
export interface ChannelMessage extends AlertWords {
  /** The same at every attempt. */
  id: string;
  data: unknown;
}

/** How an attempt ended: `code` of what kept the message back, and what the receiver said about it. */
export type Sent = { ok: true; said?: string } | { ok: false; code: string; said?: string; retryAfterSeconds?: number };

const timeoutMs = 15_000;
/** An answer of a bot's server is short; a foreign server could send without end. */
const answerBytes = 4_096;
/** Telegram's own limit. */
const telegramLength = 4_096;

/** The channels that are set up at this moment. */
export const openChannels = ({ env }: Pick<Deps, "env">): Channel[] =>
  channels.filter((channel) => {
    if (channel === "mail") return env.ALERT_EMAIL !== undefined && canMail(env);
    if (channel === "telegram") return env.ALERT_TELEGRAM_TOKEN !== undefined && env.ALERT_TELEGRAM_CHAT !== undefined;
    return env.ALERT_URL !== undefined;
  });

/** Sends a message once. Never throws, and no error holds an address or a token. */
export function sendBy(deps: Deps, channel: Channel, message: ChannelMessage): Promise<Sent> {
  if (!openChannels(deps).includes(channel)) return Promise.resolve({ ok: false, code: "OFF" });
  return { mail: sendMail, telegram: sendTelegram, address: sendAddress }[channel](deps, message);
}

async function sendMail({ env, mail }: Deps, { id, title, text }: ChannelMessage): Promise<Sent> {
  if (await mail.send({ to: env.ALERT_EMAIL ?? "", subject: title, text: `${text}\n`, id })) return { ok: true };
  const code = await checkMail(env);
  return { ok: false, code: code === null || code === "ok" ? "REFUSED" : code };
}

async function sendTelegram({ env }: Deps, { title, text }: ChannelMessage): Promise<Sent> {
  const api = new URL(env.ALERT_TELEGRAM_API);
  const whole = [...`${title}\n\n${text}`];
  // By whole characters: half of one would be refused with the message.
  while (whole.join("").length > telegramLength) whole.pop();
  const outcome = await postMessage({
    url: `${env.ALERT_TELEGRAM_API}/bot${env.ALERT_TELEGRAM_TOKEN}/sendMessage`,
    headers: {},
    // Without a parse_mode: nothing in the text acts.
    body: JSON.stringify({
      chat_id: env.ALERT_TELEGRAM_CHAT,
      text: whole.join(""),
      link_preview_options: { is_disabled: true },
    }),
    // The variable of the operator names the host, no page does.
    internalHosts: [...env.WEBHOOK_INTERNAL_HOSTS, hostOf(api)],
    timeoutMs,
    readAnswer: answerBytes,
  });
  const { description, parameters } = readAnswer(outcome.answer);
  const said = typeof description === "string" ? { said: description.slice(0, 200) } : {};
  const retryAfter = Number(parameters?.retry_after);
  return { ...sentBy(outcome), ...said, ...(retryAfter > 0 ? { retryAfterSeconds: Math.min(retryAfter, 3_600) } : {}) };
}

async function sendAddress({ env }: Deps, { id, title, text, data }: ChannelMessage): Promise<Sent> {
  // "text" is what Slack, Mattermost and their like show.
  const body = JSON.stringify({ id, title, text: `${title}\n\n${text}`, site: env.APP_URL, alerts: data });
  const internalHosts = env.WEBHOOK_INTERNAL_HOSTS;
  return sentBy(await postMessage({ url: env.ALERT_URL ?? "", headers: {}, body, internalHosts, timeoutMs }));
}

function sentBy({ status, error }: Outcome): Sent {
  if (status !== undefined && status >= 200 && status < 300) return { ok: true, said: `HTTP ${status}` };
  return { ok: false, code: error ?? `HTTP_${status}` };
}

function readAnswer(answer: string | undefined): { description?: unknown; parameters?: { retry_after?: unknown } } {
  try {
    return (JSON.parse(answer ?? "{}") as ReturnType<typeof readAnswer> | null) ?? {};
  } catch {
    return {};
  }
}
