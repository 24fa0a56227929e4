import { TOTP } from "otpauth";

/** What an authenticator with this secret shows; `steps` from now, where one step is thirty seconds. */
export const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
