import { parseArgs } from "node:util";
import { systemActor } from "../../audit/actor";
import { createAdmin, demoteAdmin } from "../../auth/admins";
import { resetSecondFactor } from "../../auth/second-factor/second-factor";
import { emailSchema } from "../../person/schema";
import { passwordWords, readEnv } from "../../platform/env";
import { isAppError } from "../../platform/errors";
import { createLog } from "../../platform/log";
import { passwordProblem } from "../../platform/password-policy";
import { erasePerson } from "../../privacy/erase";
import { copyPerson } from "../../privacy/own-data";
import type { Services } from "../../services";
import { startForCommand } from "../../start";
import { fail, orFail, orFailAfter } from "../failure";
import { readSecret } from "../read-secret";
import { readGiven } from "../usage";
import { tellWait } from "../wait";

/**
 * `npm run admin -- create EMAIL`: creates an administrator, or promotes a registered person. The password is asked
 * for, or read from a pipe. `npm run admin -- demote EMAIL` takes the role away, `reset-factor EMAIL` removes the
 * second factor of a locked-out administrator. `erase EMAIL` erases a person, `export EMAIL` writes the person's data
 * as JSON.
 */
const verbs: Record<string, (email: string) => Promise<void>> = {
  create,
  demote,
  "reset-factor": resetFactor,
  erase,
  export: copy,
};

const { run, email } = readGiven(`Usage: npm run admin -- ${Object.keys(verbs).join("|")} EMAIL`, (args) => {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const [verb = "", address, ...rest] = positionals;
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!run) throw new Error(verb === "" ? "Say what to do." : `Unknown action ${verb}.`);
  if (address === undefined) throw new Error("Name the person by e-mail address.");
  const email = emailSchema.safeParse(address);
  if (!email.success) throw new Error("Not a valid e-mail address: nothing was changed.");
  if (rest.length > 0) throw new Error(`Only one person at a time: ${rest.join(" ")} is too much.`);
  return { run, email: email.data };
});
await run(email);

async function create(email: string): Promise<void> {
  const password = await readSecret("Password: ");
  const problem = passwordProblem(password, { email, isAdmin: true });
  if (problem) fail(`The password was not accepted: ${passwordWords[problem]}.`);
  const outcome = await withServices((services) =>
    createAdmin(services, { email, password }).catch((error: unknown) => {
      // The name of the site may be a setting, which only the database knows.
      if (isAppError(error, "INVALID") && error.details?.problem === "password_personal") return "personal" as const;
      if (isAppError(error, "CONFLICT")) return "to be erased" as const;
      throw error;
    }),
  );
  if (outcome === "personal") fail(`The password was not accepted: ${passwordWords.password_personal}.`);
  if (outcome === "to be erased")
    fail("Not promoted: this person was brought back by a restore and is to be erased again. Try again after that.");
  console.log(
    outcome === "created"
      ? "Administrator created."
      : "This person is an administrator now, with this password. Earlier sessions, API tokens and mailed links have ended.",
  );
}

async function demote(email: string): Promise<void> {
  const outcome = await withServices((services) => demoteAdmin(services, email));
  if (outcome !== "demoted") fail(`Not demoted: this is ${outcome}.`);
  console.log("No longer an administrator. The API tokens were revoked.");
  console.log(
    "Restarts do not give the role back, not even for ADMIN_EMAIL. To give it back: npm run admin -- create EMAIL",
  );
}

async function resetFactor(email: string): Promise<void> {
  const outcome = await withServices((services) => resetSecondFactor(services, email));
  if (outcome === "nobody") fail("No registration has this e-mail address.");
  if (outcome === "no second factor") fail("Nothing to reset: there is no second factor.");
  console.log("The second factor, its recovery codes and all sessions have ended: the password is enough to sign in.");
}

async function erase(email: string): Promise<void> {
  const outcome = await withServices(async (services) => {
    const user = await findPerson(services, email);
    try {
      await erasePerson(services, { actor: systemActor, userId: user.id, cause: "command" });
      return { id: user.id, mode: services.env.ERASE_IN_CRM };
    } catch (error) {
      if (isAppError(error, "CONFLICT")) return undefined;
      throw error;
    }
  });
  if (!outcome) fail("Not erased: this is an administrator. Take the role away first: npm run admin -- demote EMAIL");
  const { id, mode } = outcome;
  console.log(
    mode === "keep"
      ? "Erased here. What Bitrix24 holds is kept (ERASE_IN_CRM=keep)."
      : `Erased here. The worker now does the same in Bitrix24 (ERASE_IN_CRM=${mode}); /admin/rights shows when it is done.`,
  );
  // The command logs nothing to what the site's log is kept in.
  console.log(
    `Keep the number ${id} outside this database. If the database is lost and restored from an earlier backup, the person comes back under this number and has to be erased again.`,
  );
}

async function copy(email: string): Promise<void> {
  const copied = await withServices(async (services) => {
    const user = await findPerson(services, email);
    return copyPerson(services, { actor: systemActor, userId: user.id, forAdministrator: true });
  });
  console.log(JSON.stringify(copied, null, 2));
}

async function findPerson({ db }: Services, email: string): Promise<{ id: number }> {
  const user = await db.user.findUnique({ where: { email, erasedAt: null }, select: { id: true } });
  if (!user) fail("No registration has this e-mail address.");
  return user;
}

async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const started = await orFail(startForCommand(readEnv(), createLog("error", process.stderr), tellWait));
  return orFailAfter(started, () => work(started.services));
}
