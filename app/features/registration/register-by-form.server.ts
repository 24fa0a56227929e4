import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { formFor } from "~/features/registration/form-for.server";
import { nextSteps } from "~/features/registration/next-steps.server";
import {
  type Offered,
  offerForm,
  signUpState,
  takeRegistration,
} from "~/features/registration/take-registration.server";
import { isFormKept, requireGuest } from "~/page/session.server";
import { afterAddress } from "~server/forms/after";
import type { Form } from "~server/forms/forms";
import { answersInAddress, type ShownForm } from "~server/forms/shown-form";
import { requestLocale } from "~server/http/request-locale";
import { readableEmail } from "~server/platform/email-address";
import { canMail } from "~server/platform/mail";
import { clearedAddressCookie, provenAddress } from "~server/registration/proven-address";
import { signUp } from "~server/registration/sign-up";
import { getUtmDataFromCookies } from "~server/registration/utmUtils";

/** The loader and the action of a form's page on this site. */

export interface RegistrationPageData extends Offered {
  form: ShownForm;
  /** What the page's address answers: by the hidden questions' keys. */
  hidden: Record<string, string>;
  /** The address that this browser has proved to own, as people write it. */
  email: string | null;
  canMail: boolean;
  /** What happens after the form, in words. */
  next: string[];
}

/** What the page shows to a guest. The form is the process's own copy: the database may be away. */
export async function loadRegistrationForm(args: LoaderFunctionArgs, form: Form): Promise<RegistrationPageData> {
  if (!isFormKept(args.context)) assertOpen(form);
  await requireGuest(args);
  const { request, context } = args;
  const { env } = context.services;
  const proven = provenAddress(env, request.headers.get("cookie"));
  const locale = requestLocale(request);
  const { held: isReviewed } = await signUpState(context);
  return {
    form: formFor(context.services, form, locale),
    hidden: answersInAddress(form.definition, new URL(request.url).searchParams),
    ...(await offerForm(args)),
    email: proven === null ? null : readableEmail(proven),
    canMail: canMail(env),
    next: nextSteps(env, { form, locale, isProven: proven !== null, isReviewed }),
  };
}

/** Registers the person, signs them in, and leads where the form's owner wants it. */
export const registerByForm = (args: ActionFunctionArgs, form: Form) =>
  takeRegistration(args, form, async (registration) => {
    const { services } = args.context;
    const cookieHeader = args.request.headers.get("cookie");
    const { outcome, cookies } = await signUp(services, {
      ...registration,
      utm: getUtmDataFromCookies(cookieHeader),
      provenEmail: provenAddress(services.env, cookieHeader),
    });
    const headers = new Headers();
    for (const cookie of cookies) headers.append("Set-Cookie", cookie);
    if (outcome === "code") return redirect(`/login/code?redirectTo=${encodeURIComponent(known)}`, { headers });
    if (outcome !== "known") headers.append("Set-Cookie", clearedAddressCookie(services.env));
    return outcome === "known" ? redirect(known, { headers }) : goOn(form, headers);
  });

/** The account, which says that nothing of what was sent has changed it. */
const known = "/account?known";

/** A closed form is gone and says so; its people go through all the same. What was typed before is kept: see takeRegistration. */
function assertOpen({ isClosed }: Form): void {
  if (isClosed) throw data(null, { status: 410 });
}

function goOn({ slug, definition }: Form, headers: Headers): Response {
  const { kind } = definition.after;
  if (kind === "account" || (kind === "address" && afterAddress(definition.after) === null))
    return redirect("/account", { headers });
  const page = slug === null ? "/registered" : `/registered?form=${encodeURIComponent(slug)}`;
  // To another site by way of a page of ours: their policy lets no form lead elsewhere.
  return redirect(page, { headers });
}
