import { crmSettingsOf } from "../bitrix24/crm-settings";
import { findExisting } from "../bitrix24/find-existing";
import type { PortalContact } from "../bitrix24/match-contact";
import { type Person, unsent } from "../bitrix24/person";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { consentFacts } from "../crm/facts";
import { toldColumns, toldPerson } from "../crm/told-person";
import { envOfForm } from "../forms/form-env";
import { firstFormId } from "../forms/forms";
import { siteQuestions } from "../forms/questions";
import { cleanText } from "../platform/clean-text";
import { parseEmail } from "../platform/email-address";
import type { Env } from "../platform/env";
import { personNumber } from "../platform/person-number";
import type { Services } from "../services";
import { type Preview, previewRegistration } from "./preview";

type Deps = Pick<Services, "db" | "bitrix24" | "forms">;

/** What settings would make of a person's registration, if it were sent with them as a new one. */
export interface DryRun {
  userId: number;
  name: string;
  preview: Preview;
}

/**
 * Reads what is asked for and makes the requests of that registration, without sending any that writes. `who`: the number
 * or the e-mail of a person, as pages and mail programs show them. Null if there is no such person. Throws Bitrix24Error.
 */
export async function dryRun(deps: Deps, { env, who }: { env: Env; who: string }): Promise<DryRun | null> {
  const { db, forms, bitrix24 } = deps;
  const id = personNumber(who);
  const email = parseEmail(who) ?? cleanText(who).toLowerCase();
  const row = await db.user.findFirst({
    where: { erasedAt: null, ...(id === null ? { email } : { id }) },
    select: { ...toldColumns, formId: true, emailConfirmedAt: true, crmAssignedById: true, crmLeftOut: true },
  });
  if (!row) return null;
  const form = forms.byId(row.formId ?? firstFormId) ?? forms.first();
  const formEnv = envOfForm(env, form.definition.settings);
  const settings = crmSettingsOf(formEnv);
  const consents = (await consentFacts({ db }, settings.fieldRules, [row.id])).get(row.id);
  const person: Person = {
    ...toldPerson(row, { env: formEnv, consents, questions: siteQuestions(forms.all()) }),
    settings,
    assignedById: row.crmAssignedById ?? formEnv.BITRIX24_ASSIGNED_BY_IDS[0] ?? null,
    emailConfirmed: row.emailConfirmedAt !== null,
    ...unsent(),
    leftOut: row.crmLeftOut,
  };
  const linked = await linkedContact(bitrix24, person);
  const preview = await previewRegistration(deps, { env: formEnv, person, linked });
  return { userId: row.id, name: [row.firstName, row.lastName].filter(Boolean).join(" "), preview };
}

/** As dryRun; null also while the portal does not answer. */
export async function tryDryRun(deps: Deps, env: Env, who: string): Promise<DryRun | null> {
  try {
    return await dryRun(deps, { env, who });
  } catch (error) {
    if (error instanceof Bitrix24Error) return null;
    throw error;
  }
}

/** The contact that was on the portal before the person registered, or null: one is made. */
async function linkedContact(bitrix24: Services["bitrix24"], person: Person): Promise<PortalContact | null> {
  const none = async () => new Set<number>();
  const findCopies = async () => ({ certain: await none(), possible: await none() });
  const progress = { findLost: none, findCopies, findRemoved: none, noteHidden: async () => {} };
  const [known] = await findExisting(bitrix24.batchRunner, await bitrix24.marks(), [person], progress);
  const { contact = null, contactBy } = known?.existing ?? { contactBy: null };
  return contactBy === "made" ? null : contact;
}
