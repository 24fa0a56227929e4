import { z } from "zod";
import { accentFault } from "./accent";
import { letterChecks } from "./letter-checks";
import { logoShape } from "./logo";

/** The variables of the environment about how the site looks, who runs it, and its mails about new people. */
export const siteChecks = {
  SITE_NAME: z.string().trim().max(60).optional(),
  SITE_ACCENT: z
    .string()
    .refine(
      (text) => accentFault(text) === null,
      "expected a colour such as #0c5a4b, dark enough for text on a light page",
    )
    .transform((text) => text.toLowerCase())
    .optional(),
  SITE_LOGO: z
    .string()
    .regex(logoShape, "expected the digest and size of a picture that was uploaded on /admin/settings/logo")
    .optional(),
  PRIVACY_POLICY_URL: z
    .url({ protocol: /^https$/, error: "expected https://…" })
    .max(500)
    .optional(),
  OPERATOR_NAME: z.string().trim().max(200).optional(),
  OPERATOR_ADDRESS: z.string().trim().max(500).optional(),
  ...letterChecks,
};
