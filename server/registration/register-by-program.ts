import type { z } from "zod";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { sameOnAllKeyboards } from "../auth/password";
import { processingKind } from "../consents/kinds";
import { type GivenConsent, givenConsent } from "../consents/record";
import { type ConsentSet, readConsents } from "../consents/stored";
import { checkAnswers } from "../forms/answers";
import type { FormDefinition } from "../forms/definition";
import type { Form } from "../forms/forms";
import { everyQuestionOf } from "../forms/questions";
import type { PersonData } from "../person/fields";
import { AppError, type InputIssue } from "../platform/errors";
import type { PasswordSite } from "../platform/password-policy";
import type { Services } from "../services";
import { heldSince } from "../sign-ups/held";
import { registerUser } from "./registration";
import { programRegistrationSchema } from "./registration.schema";
import { findKeyed, hashBody, keyedRequest, lockKey } from "./registration-key";
import { cleanTouch } from "./utmUtils";

/** What a program sends of a person: the form's fields, and what the form takes from the browser. */
export type ProgramRegistration = { [Name in keyof PersonData]?: string | null | undefined } & {
  /** Without one the person sets it by mail. */
  password?: string | undefined;
  consent: true | "on";
  /** Further consents by their keys. */
  consents?: Record<string, boolean> | undefined;
  locale?: "en" | "ru" | undefined;
  /** The last part of the form's address; left out: the first form. */
  form?: string | null | undefined;
  /** By the keys of that form's own questions. What is mandatory for visitors is not for programs. */
  answers?: Record<string, unknown> | null | undefined;
  utm?: { first?: Record<string, string> | undefined; last?: Record<string, string> | undefined } | undefined;
};

type Deps = Pick<Services, "db" | "pool" | "queue" | "env" | "mail" | "log" | "forms">;

/**
 * Registers a person whom a program has asked, by the form's rules. The same request under the same key registers
 * nobody else and answers the same, so a program that lost the answer sends it again. Throws INVALID with a code for
 * each field, FORM_CLOSED, KEY_REUSED, EMAIL_TAKEN, ErasedRegistrationError and BUSY.
 */
export async function registerByProgram(
  services: Deps,
  { actor, key, input }: { actor: Actor; key: string | null | undefined; input: ProgramRegistration },
): Promise<{ userId: number; crmState: "pending" }> {
  const request = keyedRequest(services.env, { actor, key, body: asStored(input), sent: input });
  const known = await findKeyed(services.db, request);
  if (known !== null) return answer(known);
  const { utm, locale = "ru", consents, form: slug, answers: given, ...sent } = input;
  const form = formOf(services.forms, slug);
  const body = await hashBody(request);
  const { id } = await registerUser(services, {
    ...parse(
      services.env,
      sent,
      consentsGiven(await readConsents(services.db), { sent: consents, locale }),
      readAnswers(form.definition, given ?? {}),
    ),
    formId: form.slug === null ? null : form.id,
    utm: touches(utm),
    locale,
    review: (await heldSince(services)) !== null,
    once: {
      find: async (tx) => {
        await lockKey(tx, request);
        return findKeyed(tx, request);
      },
      keep: async (tx, userId) => {
        await tx.registrationKey.create({
          data: { hash: request.hashes[0], ...body, userId },
          select: { hash: true },
        });
        await audit(tx, { actor, action: "registration.create", targetId: userId });
      },
    },
  });
  return answer(id);
}

/**
 * What two requests of one key are compared by: what would be stored the same is the same, letters composed in another way and a
 * password that signs in as well; № and No are not. A click id is stored only if nothing in it has to be cleaned.
 */
const asStored = ({ password, utm, ...texts }: ProgramRegistration): ProgramRegistration => ({
  ...composed(texts),
  password: password === undefined ? undefined : sameOnAllKeyboards(password),
  utm,
});

const composed = <T>(texts: T): T =>
  JSON.parse(JSON.stringify(texts), (_, part: unknown) => (typeof part === "string" ? part.normalize("NFC") : part));

/** The same now and whenever the request is sent again: how far the registration is, the user's own endpoint tells. */
const answer = (userId: number) => ({ userId, crmState: "pending" as const });

/** Throws INVALID for a form that is not there, and FORM_CLOSED for one that takes no registrations any more. */
function formOf(forms: Services["forms"], slug: string | null | undefined): Form {
  const form = slug == null ? forms.first() : forms.bySlug(slug);
  const issues = (code: string) => ({ details: { issues: [{ path: ["form"], code, params: {} }] } });
  if (!form) throw new AppError("INVALID", issues("invalid"));
  if (form.isClosed) throw new AppError("FORM_CLOSED", issues("form_closed"));
  return form;
}

type Person = Omit<ProgramRegistration, "utm" | "locale" | "consents" | "form" | "answers">;

/** Throws INVALID with everything that is wrong at once. */
function parse(
  site: PasswordSite,
  { consent, ...person }: Person,
  { given, issues: unagreed }: ReturnType<typeof consentsGiven>,
  { answers, issues: unanswered }: ReturnType<typeof readAnswers>,
) {
  // Null says the same as leaving a field out; the form knows empty texts only.
  const values = Object.fromEntries(Object.entries(person).filter(([, value]) => value !== null));
  const parsed = programRegistrationSchema(site).safeParse({ ...values, consent: "on" });
  const issues = [...(parsed.error?.issues.map(toIssue) ?? []), ...unagreed, ...unanswered];
  if (parsed.success && issues.length === 0) return { input: parsed.data, consents: given, answers };
  throw new AppError("INVALID", { details: { issues } });
}

/** A program that still sends what was asked before has it kept; what was never asked is refused. */
function readAnswers(definition: FormDefinition, given: Record<string, unknown>) {
  const questions = everyQuestionOf(definition).map((question) => ({ ...question, required: false }));
  const { answers, problems } = checkAnswers(questions, given, "sender");
  const unknown = Object.keys(given).filter((key) => !questions.some((question) => question.key === key));
  const codes = [...Object.entries(problems), ...unknown.map((key) => [key, "unknown_field"] as const)];
  return { answers, issues: codes.map(([key, code]) => ({ path: ["answers", key], code, params: {} })) };
}

/**
 * To the present wordings: a program shows people what is asked for when it sends. A consent that is asked for no more is passed
 * over: what the owner retires must not stop the programs that still send it.
 */
function consentsGiven(
  { kinds }: ConsentSet,
  { sent = {}, locale }: { sent: Record<string, boolean> | undefined; locale: string },
): { given: GivenConsent[]; issues: InputIssue[] } {
  const asked = kinds.filter(({ retired }) => !retired);
  const says = (key: string) => key === processingKind || (Object.hasOwn(sent, key) && sent[key] === true);
  const issue = (key: string, code: string) => ({ path: ["consents", key], code, params: {} });
  return {
    given: asked.filter(({ key }) => says(key)).map(({ key, wording }) => givenConsent(locale, key, wording)),
    issues: [
      ...Object.keys(sent)
        .filter((key) => key === processingKind || !kinds.some((each) => each.key === key))
        .map((key) => issue(key, "unknown_field")),
      ...asked.filter(({ key, required }) => required && !says(key)).map(({ key }) => issue(key, "consent")),
    ],
  };
}

/** Messages of the form's schema are codes. */
const toIssue = ({ path, message }: z.core.$ZodIssue) => ({ path: path.map(String), code: message, params: {} });

/** A program that knows of one visit only has it as the first and the last. */
function touches(utm: ProgramRegistration["utm"]) {
  const [first, last] = [cleanTouch(utm?.first), cleanTouch(utm?.last)];
  return { first: first ?? last, last: last ?? first };
}
