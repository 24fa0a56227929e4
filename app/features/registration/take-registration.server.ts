import { type ActionFunctionArgs, type AppLoadContext, data, type LoaderFunctionArgs } from "@remix-run/node";
import { readAgreed, withConsents } from "~/features/registration/agreed-consents.server";
import { formFor } from "~/features/registration/form-for.server";
import type { ProblemCode } from "~/i18n/errors";
import { type Refusal, readGuardedForm, tooManyFor } from "~/page/public-form.server";
import { keepForm } from "~/page/session.server";
import { attemptBoth } from "~server/attempts/attempt-limit";
import { askConsents } from "~server/consents/shown";
import { isDatabaseAway } from "~server/database/unavailable";
import type { Form } from "~server/forms/forms";
import type { ShownForm } from "~server/forms/shown-form";
import { requestLocale } from "~server/http/request-locale";
import { isAppError } from "~server/platform/errors";
import { isLocale, type Locale } from "~server/platform/locales";
import { languageField, visitField, workField } from "~server/registration/form-fields";
import { stampForm, stampOf } from "~server/registration/form-guard";
import { formSchema } from "~server/registration/form-schema";
import { beginHash } from "~server/registration/registration";
import { type FormReply, formReply, formValues } from "~server/registration/sent-form";
import type { SignUp } from "~server/registration/sign-up";
import { proofOfWork } from "~server/sign-ups/challenge";
import type { SignUpState } from "~server/sign-ups/watch";

/** What a form needs of us each time: its stamp, the consents to ask for, and whether the browser is to work on it. */
export type Offered = Awaited<ReturnType<typeof offerForm>>;

/** While the database is away as on an ordinary day. */
export const signUpState = ({ signUps }: AppLoadContext): Promise<SignUpState> =>
  signUps.state().catch(() => ({ held: false, unusual: false }));

/** Also while the database is away. */
export async function offerForm(
  { context, request }: LoaderFunctionArgs | ActionFunctionArgs,
  locale = requestLocale(request),
) {
  const { unusual } = await signUpState(context);
  const { consents, env } = context.services;
  const secrets = env.SESSION_SECRET;
  const stamp = stampForm(secrets);
  return { stamp, work: unusual, ...askConsents(consents, { locale, stamp, secrets }) };
}

/** A form that was let through; where the visitor came from is read by the page that showed it. */
export type TakenForm = Omit<SignUp, "utm" | "provenEmail"> & { locale: Locale };

/** The answer to a form that was refused. */
export interface RefusedForm extends Offered {
  /** As it is now: a page that was open does not load again what it shows, and would have no place for a new question. */
  form: ShownForm;
  reply: FormReply;
  /** What the form brought along of the visit, if another site's page shows it. */
  visit: string;
}

/**
 * The action of every page with a registration form: reads it, past all limits and guards, by the rules of the form as it
 * is now, lets `register` register and answer, and shows the form again with what was wrong. `sent` is the form with all
 * that the page put into it.
 */
export async function takeRegistration<Answer>(
  args: ActionFunctionArgs,
  registrationForm: Form,
  register: (form: TakenForm, sent: FormData) => Promise<Answer>,
) {
  const { request, context } = args;
  const { services, requestId } = context;
  const { schema, ...asked } = formSchema(registrationForm.definition, services.env);
  const { form, sent, refusal } = await readGuardedForm(args, asked);
  const parsed = schema.safeParse(formValues(form));
  const language = sent.get(languageField);
  const locale = isLocale(language) ? language : requestLocale(request);
  const agreed = await readAgreed(args, sent, locale);
  // A page that is not loaded again keeps its language, which another tab may have switched meanwhile.
  const shownIn = context.isDataRequest ? locale : requestLocale(request);
  const refuse = async (problems: Problems, status: number, headers: Record<string, string> = {}) => {
    keepForm(context);
    // With a new stamp: the old one may be what was wrong.
    return data<RefusedForm>(
      {
        form: formFor(services, registrationForm, shownIn),
        reply: { ...withConsents(formReply(form, parsed.error, ["password"]), agreed), ...problems },
        ...(await offerForm(args, shownIn)),
        visit: String(sent.get(visitField) ?? ""),
      },
      { status, headers },
    );
  };
  const refuseFor = (problems: Problems, { status, headers }: Refusal) => refuse(problems, status, headers);
  const { isClosed } = registrationForm;
  const isFit = refusal === null && !isClosed && !agreed.outdated && parsed.success && agreed.missing.length === 0;
  const { limits, clientIp } = context;
  // The hash takes longest: it begins while the attempt is counted.
  const mayHash = isFit && !limits.registerDay.isUsedUp(clientIp) && (await limits.register.mayBegin(clientIp));
  const passwordHash = mayHash ? beginHash(parsed.data.input.password) : undefined;
  // Every form counts for the minute, and for the day only one that may register a person.
  const waits = isFit
    ? await attemptBoth(limits.register, limits.registerDay, clientIp)
    : { first: await limits.register(clientIp), second: null };
  if (waits.first !== null) return refuseFor({ form: ["too_many"] }, tooManyFor(waits.first));
  if (refusal) return refuseFor({ form: [refusal.code] }, refusal);
  if (isClosed) return refuse({ form: ["form_closed"] }, 410);
  if (agreed.outdated) return refuse({ form: ["stale"] }, 400);
  if (!parsed.success || agreed.missing.length > 0) return refuse({}, 400);
  if (waits.second !== null) return refuseFor({ form: ["too_many_today"] }, tooManyFor(waits.second));

  try {
    const stamp = stampOf(sent);
    const { held, unusual } = await context.signUps.state();
    const taken: TakenForm = {
      ...parsed.data,
      passwordHash,
      formId: registrationForm.slug === null ? null : registrationForm.id,
      locale,
      consents: agreed.given,
      // A form that tests send again and again is what they switch the limit off for.
      stamp: services.env.RATE_LIMIT_REGISTER === 0 ? undefined : stamp,
      review: held || (unusual && !proofOfWork.isSolved(stamp, String(sent.get(workField) ?? ""))),
      sender: {
        cookieHeader: request.headers.get("cookie"),
        userAgent: request.headers.get("user-agent"),
        address: context.clientIp,
        limit: context.limits.login,
      },
    };
    return await register(taken, sent);
  } catch (error) {
    if (isAppError(error, "EMAIL_TAKEN")) return refuse({ fields: { email: ["email_taken"] } }, error.status);
    if (isAppError(error, "CONFLICT")) return refuse({ form: ["stamp_used"] }, 400);
    if (isAppError(error, "BUSY") || isDatabaseAway(error)) return refuse({ form: ["busy"] }, 503);
    // The form is shown again instead of the error page, so that the input is kept for another try.
    services.log.error({ err: error, requestId }, "registration failed");
    return refuse({ form: ["failed"] }, 500);
  }
}

interface Problems {
  form?: ProblemCode[];
  fields?: Record<string, ProblemCode[]>;
}
