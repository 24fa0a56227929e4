import type { Command, Outcome } from "./transport/batch";
import { type Bitrix24Error, isPage } from "./transport/error";

/** Messages to the portal's employees, in its messenger: by documentation they need the webhook's scope `im`. */

export const notifyMethod = "im.notify.system.add";

/**
 * The tag stands for one message: sent again after a lost answer, it takes the place of the earlier one. A webhook has to
 * say whose tag it is.
 */
const tagged = (clientId: string, userId: number) => ({ TAG: `registration-${userId}`, CLIENT_ID: clientId });

/** Tells an employee something. The second text is what the portal mails to those who are not there. */
export const notifyCommand = (
  receiver: number,
  { text, userId, clientId }: { text: string; userId: number; clientId: string },
): Command => ({
  method: notifyMethod,
  params: { USER_ID: receiver, MESSAGE: text, MESSAGE_OUT: text, ...tagged(clientId, userId) },
});

/** Takes the message about a person back. */
export const takeBackCommand = (userId: number, clientId: string): Command => ({
  method: "im.notify.delete",
  params: tagged(clientId, userId),
});

/**
 * How an attempt ended.
 * - sent
 * - untaken: this message has no receiver, or the portal refuses it; another attempt would end alike
 * - closed: the portal takes no messages, for want of a right or of the method
 * - later: this attempt failed, and so would that of any other message
 * - again: the portal broke down over this message, which may or may not be there
 */
export type MessageOutcome =
  | { kind: "sent" }
  | { kind: "untaken" | "closed" | "again"; code: string }
  | { kind: "later"; code: string; retryAt?: Date | undefined };

/** The code of a message to an employee who has left, or who never was one. */
export const noSuchReceiver = "NOT_TAKEN";
const closedCodes = ["ERROR_BATCH_METHOD_NOT_ALLOWED", "WRONG_AUTH_TYPE"];

/** Of a command that the portal answered. */
export function messageOutcome(outcome: Outcome<unknown>): MessageOutcome {
  if (outcome.ok) return outcome.value === false ? { kind: "untaken", code: noSuchReceiver } : { kind: "sent" };
  const { kind, applied, code, retryAt } = outcome.error;
  if (kind === "blocked" || closedCodes.includes(code)) return { kind: "closed", code };
  if (kind === "refused") return { kind: applied === "no" ? "untaken" : "again", code };
  return { kind: "later", code, retryAt };
}

/** Whether a request was turned away unread, as a firewall does because of a text in it. */
export const isTurnedAway = (error: Bitrix24Error): boolean => isPage(error) && error.applied === "no";
