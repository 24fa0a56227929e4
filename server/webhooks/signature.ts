import { createHmac, randomBytes } from "node:crypto";

/** Secrets and signatures as the Standard Webhooks specification has them. */

const prefix = "whsec_";

export const newSecret = (): string => prefix + randomBytes(32).toString("base64");

export interface SignedMessage {
  id: string;
  /** Seconds. */
  timestamp: number;
  body: string;
}

/** The headers by which a receiver knows that a message is ours, whole, and not an old one sent once more. */
export function signedHeaders(secret: string, { id, timestamp, body }: SignedMessage): Record<string, string> {
  const key = Buffer.from(secret.slice(prefix.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": `v1,${signature}` };
}
