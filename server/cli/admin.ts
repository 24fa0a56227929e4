import { createAdmin } from "../auth/admins";
import { readEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { emailSchema, passwordSchema } from "../registration/registration.schema";
import { startServices } from "../start";
import { readSecret } from "./read-secret";

/** `npm run admin -- create EMAIL`: makes an administrator, or makes one of a registered person. The password is asked for, or read from a pipe. */
const [verb, address, ...rest] = process.argv.slice(2);
const email = emailSchema.safeParse(address);
if (verb !== "create" || rest.length > 0 || !email.success) fail("Usage: npm run admin -- create EMAIL");

const password = passwordSchema.safeParse(await readSecret("Password: "));
if (!password.success) fail("The password must have 8 to 200 characters.");

const { services, stop } = await startServices({ ...readEnv(), ROLE: "web" }, createLog("error"));
try {
  const outcome = await createAdmin(services, { email: email.data, password: password.data });
  console.log(outcome === "created" ? "Administrator created." : "Promoted; the password is now this one.");
} finally {
  await stop();
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
