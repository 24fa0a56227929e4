import { z } from "zod";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { messageTrouble, scopeCode, sendAfterScope } from "../notices/message-trouble";
import { type Check, check } from "./check";
import type { CheckDeps, Read } from "./questions";

/** Whether the portal takes messages to responsible persons, where they are wanted. No registration depends on it. */
export async function messages({ db, env }: CheckDeps, read: Read): Promise<Check> {
  if (env.RESPONSIBLE_MESSAGE === "off") return check("messages", "skip");
  const granted = read("scope", z.array(z.string()));
  const isKnown = !(granted instanceof Bitrix24Error);
  if (isKnown && !granted.includes("im")) return check("messages", "warn", { missing: "im" });
  if (!db) return check("messages", "ok");
  if (isKnown) await sendAfterScope({ db });
  const trouble = await messageTrouble({ db, env });
  if (!trouble) return check("messages", "ok");
  const { waits, receivers, nobody, refused } = trouble;
  if (waits !== null) return check("messages", "warn", waits === scopeCode ? { missing: "im" } : { waits });
  if (receivers.length > 0) return check("messages", "warn", { receivers: receivers.join(", ") });
  return check("messages", "warn", nobody ? { nobody: 1 } : { refused: refused.join(", ") });
}
