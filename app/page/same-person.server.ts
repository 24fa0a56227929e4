import { type AppLoadContext, data } from "@remix-run/node";
import { otherPersonTexts } from "~/features/account/other-person-texts";
import { personInput } from "~/features/account/person-input";
import { requestLocale } from "~server/http/request-locale";
import { readableEmail } from "~server/platform/email-address";
import type { Interruption } from "./interruption";

/**
 * Refuses a form of a page that was shown to another person: since then this browser was signed in as someone else in
 * another tab, whose data the form would change. A form that does not say whose page it was shown on is let through.
 */
export async function requireSamePerson(
  { request, context }: { request: Request; context: AppLoadContext },
  actor: { id: number },
  form: FormData,
): Promise<void> {
  const person = form.get(personInput);
  if (person === null || person === String(actor.id)) return;
  const user = await context.services.db.user.findUnique({ where: { id: actor.id }, select: { email: true } });
  const { title, lead, signOut, stay } = otherPersonTexts[requestLocale(request)];
  const question: Interruption = {
    interrupted: true,
    title,
    lead: lead(readableEmail(user?.email ?? "")),
    to: "/logout",
    fields: [],
    submit: signOut,
    back: stay,
  };
  throw data(question, { status: 409 });
}
