import { z } from "zod";

/** The variables of the environment about what is told to administrators, and by which channel; its mail address is in env.ts. */
export const alertChecks = {
  ALERT_WAIT_MINUTES: z.coerce.number().min(0).max(525_600).default(30),
  ALERT_LANGUAGE: z.enum(["both", "ru", "en"]).default("both"),
  ALERT_DIGEST_MINUTES: z.coerce.number().min(0).max(1_440).default(5),
  ALERT_TELEGRAM_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]{20,}$/, "expected the token of a bot, such as 123456:AAE…")
    .optional(),
  ALERT_TELEGRAM_CHAT: z
    .string()
    .regex(/^(-?\d{1,20}|@\w{4,64})$/, "expected a number, such as -1001234567890, or @channel")
    .optional(),
  ALERT_TELEGRAM_API: z
    .url({ protocol: /^https?$/, error: "expected https://…" })
    .transform((value) => value.replace(/\/+$/, ""))
    .default("https://api.telegram.org"),
  ALERT_URL: z
    .url({ protocol: /^https?$/, error: "expected https://…" })
    .max(2_000)
    .optional(),
};
