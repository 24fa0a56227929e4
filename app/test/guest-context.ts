import type { AppLoadContext } from "@remix-run/node";
import { createAttemptLimit } from "~server/attempts/attempt-limit";
import { openConsents } from "~server/consents/consents";
import { openForms } from "~server/forms/forms";
import type { TestServices } from "~server/test/services";

/** What a route of the registration form is given by the server for a guest; forms and consents as they are stored now. */
export async function guestContext(tests: TestServices): Promise<AppLoadContext> {
  const services = {
    ...tests,
    forms: await openForms(tests, { follow: false }),
    consents: await openConsents(tests, { follow: false }),
  };
  const limit = (name: string) => createAttemptLimit(services, { name, attempts: 50 });
  return {
    services,
    limits: { register: limit("register"), registerDay: limit("register-day"), login: limit("login") },
    signUps: { state: async () => ({ held: false, unusual: false }), refresh: () => {} },
    clientIp: "203.0.113.5",
    requestId: "test",
    session: { user: null },
  } as unknown as AppLoadContext;
}
