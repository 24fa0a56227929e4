import { passwordLimits } from "../platform/password-limits";

/** How long a field may be. Apart from the schema, so that the browser learns the limits without loading zod. */
export const registrationLimits = {
  name: 100,
  email: 254,
  phone: 40,
  passwordMin: passwordLimits.min,
  passwordMax: passwordLimits.max,
} as const;
