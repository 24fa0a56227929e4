import { createAdmin, demoteAdmin } from "../../auth/admins";
import { emailSchema } from "../../person/schema";
import { passwordWords, readEnv } from "../../platform/env";
import { createLog } from "../../platform/log";
import { passwordProblem } from "../../platform/password-policy";
import type { Services } from "../../services";
import { startServices } from "../../start";
import { readSecret } from "../read-secret";

/**
 * `npm run admin -- create EMAIL`: makes an administrator, or makes one of a registered person. The password is asked
 * for, or read from a pipe. `npm run admin -- demote EMAIL` takes the role away.
 */
const verbs: Record<string, (email: string) => Promise<void>> = { create, demote };

const [verb = "", address, ...rest] = process.argv.slice(2);
const email = emailSchema.safeParse(address);
const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
if (!run || rest.length > 0 || !email.success) fail(`Usage: npm run admin -- ${Object.keys(verbs).join("|")} EMAIL`);
await run(email.data);

async function create(email: string): Promise<void> {
  const password = await readSecret("Password: ");
  const problem = passwordProblem(password, { email, isAdmin: true });
  if (problem) fail(`The password was not accepted: ${passwordWords[problem]}.`);
  const outcome = await withServices((services) => createAdmin(services, { email, password }));
  console.log(outcome === "created" ? "Administrator created." : "Promoted; the password is now this one.");
}

async function demote(email: string): Promise<void> {
  const outcome = await withServices((services) => demoteAdmin(services, email));
  if (outcome !== "demoted") fail(`Not demoted: this is ${outcome}.`);
  console.log("No longer an administrator; the API tokens have ended.");
}

async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const { services, stop } = await startServices({ ...readEnv(), ROLE: "web" }, createLog("error"));
  try {
    return await work(services);
  } finally {
    await stop();
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
