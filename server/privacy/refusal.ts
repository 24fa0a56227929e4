import { refusalOfRecords } from "../bitrix24/in-halves";
import { isPortalChanged } from "../bitrix24/portal-watch";
import type { Bitrix24Client } from "../bitrix24/transport/client";
import { Bitrix24Error } from "../bitrix24/transport/error";

/** Whether the error says nothing about the one command: any other would fail alike, or would have to wait as well. */
const concernsAll = (error: Bitrix24Error): boolean =>
  error.kind === "limit" || error.kind === "held" || isPortalChanged(error);

const asOwn = (error: Bitrix24Error): Bitrix24Error => error.with({ kind: "refused" });

/**
 * The error about an erased person's visit or message, once the records themselves are erased. The portal has
 * answered for those, so that an answer to this one command, whether the portal or a firewall gave it, is this erasure's own
 * refusal. A lost connection tells nothing about the command.
 */
export const refusalAfterRecords = (error: Bitrix24Error): Bitrix24Error =>
  concernsAll(error) || (error.kind === "outage" && error.status === undefined) ? error : asOwn(error);

/** The same where nothing else was asked: the portal's answer to `profile` shows that neither it nor the webhook fails. */
export async function refusalAlone(client: Bitrix24Client, error: Bitrix24Error): Promise<Bitrix24Error> {
  if (concernsAll(error)) return error;
  if (error.kind === "refused" || error.refusesItem) return asOwn(error);
  return (await client.answersProfile()) ? asOwn(error) : error;
}

/**
 * The error about the records themselves. A portal that refuses one of them, or breaks down over it, and lists deals otherwise
 * has not failed: that is this erasure's own refusal, and others go on.
 */
export async function refusalIfOwn(client: Bitrix24Client, error: Bitrix24Error): Promise<Bitrix24Error> {
  try {
    return await refusalOfRecords(client, error);
  } catch (common) {
    if (!(common instanceof Bitrix24Error)) throw common;
    return common;
  }
}
