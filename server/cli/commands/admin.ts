import { createAdmin } from "../../auth/admins";
import { emailSchema } from "../../person/schema";
import { passwordWords, readEnv } from "../../platform/env";
import { createLog } from "../../platform/log";
import { passwordProblem } from "../../platform/password-policy";
import { startServices } from "../../start";
import { readSecret } from "../read-secret";

/** `npm run admin -- create EMAIL`: makes an administrator, or makes one of a registered person. The password is asked for, or read from a pipe. */
const [verb, address, ...rest] = process.argv.slice(2);
const email = emailSchema.safeParse(address);
if (verb !== "create" || rest.length > 0 || !email.success) fail("Usage: npm run admin -- create EMAIL");

const password = await readSecret("Password: ");
const problem = passwordProblem(password, { email: email.data, isAdmin: true });
if (problem) fail(`The password was not accepted: ${passwordWords[problem]}.`);

const { services, stop } = await startServices({ ...readEnv(), ROLE: "web" }, createLog("error"));
try {
  const outcome = await createAdmin(services, { email: email.data, password });
  console.log(outcome === "created" ? "Administrator created." : "Promoted; the password is now this one.");
} finally {
  await stop();
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
