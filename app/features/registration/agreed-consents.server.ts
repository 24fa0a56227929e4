import type { LoaderFunctionArgs } from "@remix-run/node";
import type { ProblemCode } from "~/i18n/errors";
import type { Locale } from "~/i18n/locale";
import { type AnsweredConsents, answeredConsents } from "~server/consents/shown";
import { stampOf } from "~server/registration/form-guard";
import type { FormReply } from "~server/registration/sent-form";

/** The consents of a posted form. */
export const readAgreed = (
  { context }: Pick<LoaderFunctionArgs, "context">,
  sent: FormData,
  locale: Locale,
): Promise<AnsweredConsents> => {
  const { consents, env } = context.services;
  return answeredConsents(consents, { sent, stamp: stampOf(sent), locale, secrets: env.SESSION_SECRET });
};

/** The reply with what is wrong with the boxes, which stay ticked beside words that have not changed since. */
export function withConsents(reply: FormReply, { ticked, changed, missing }: AnsweredConsents): FormReply {
  const typed = Object.entries(reply.values).filter(([name]) => !changed.includes(name));
  const boxes = ticked.map((field) => [field, "on"]);
  const problems = missing.map((field) => [field, ["consent" satisfies ProblemCode]]);
  return {
    ...reply,
    values: Object.fromEntries([...typed, ...boxes]),
    fields: { ...reply.fields, ...Object.fromEntries(problems) },
  };
}
