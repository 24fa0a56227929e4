import type { LoaderFunctionArgs } from "@remix-run/node";
import { notThere } from "~/features/users/not-there.server";
import { nameActors } from "~server/audit/actor-names";
import { listSessions } from "~server/auth/sessions";
import { portalCardUrl } from "~server/bitrix24/card-url";
import { asksForConfirmation } from "~server/confirmation/confirmation";
import { listConflicts } from "~server/conflicts/list";
import { readCorrection } from "~server/corrections/corrections";
import { getCrmProgress, listCrmLog } from "~server/crm/call-log";
import { inSnapshot } from "~server/database/snapshot";
import { shownAnswers } from "~server/forms/answer-words";
import { formName } from "~server/forms/form-name";
import type { Forms } from "~server/forms/forms";
import { siteQuestions } from "~server/forms/questions";
import { requestLocale } from "~server/http/request-locale";
import { paymentHistory } from "~server/payments/payments";
import { parseLogId } from "~server/platform/ids";
import { listConsents, processingWithdrawnAt } from "~server/privacy/consents";
import { parsePlace } from "~server/timeline/events";
import { readTimeline } from "~server/timeline/timeline";
import { getShownUser } from "~server/users/users";

/** The value of `log` that leads back to the newest entries, and leaves the log open. */
const newestLog = "newest";

export type PersonPage = Awaited<ReturnType<typeof loadPerson>>;

/** All that a person's page shows. Who is erased has another page; who is not there is a 404. */
export async function loadPerson({ context: { services }, request }: LoaderFunctionArgs, id: number) {
  const { searchParams } = new URL(request.url);
  const [log, before] = [searchParams.get("log"), searchParams.get("before")];
  const logBefore = parseLogId(log) ?? undefined;
  const after = parsePlace(before) ?? undefined;
  const { user, progress, calls, newest, history, consents, sessions, conflicts, correction } = await inSnapshot(
    services.db,
    async (tx) => {
      const at = { ...services, db: tx };
      return {
        user: await getShownUser(at, id),
        progress: await getCrmProgress(at, id),
        calls: await listCrmLog(at, id, { before: logBefore }),
        newest: (await paymentHistory(at, id, { limit: 1 }))[0],
        history: await readTimeline(at, id, { after }),
        consents: await listConsents(at, id),
        sessions: await listSessions(at, id, null),
        conflicts: (await listConflicts(at, { userId: id })).conflicts,
        correction: await readCorrection(at, id),
      };
    },
  );
  if (!user || !progress) {
    throw await notThere(services, id);
  }
  const locale = requestLocale(request);
  const { first } = user.utm;
  const card = (kind: "contact" | "deal", number: number | null) =>
    number === null ? null : portalCardUrl(services.bitrix24.client.host, kind, number);
  return {
    user,
    answers: shownAnswers(siteQuestions(services.forms.all()), user.answers, locale, { hidden: true }),
    form: services.forms.all().length > 1 && user.isRegistration ? nameOf(services.forms, user.form) : null,
    asksForConfirmation: asksForConfirmation(services.env),
    consentWithdrawnAt: processingWithdrawnAt(consents),
    ignored: Boolean((log && log !== newestLog && !logBefore) || (before && !after)),
    links: { contact: card("contact", user.bitrix24ContactId), deal: card("deal", user.bitrix24DealId) },
    progress,
    log: { ...calls, isFirst: log === null || log === "", isNewest: logBefore === undefined },
    timeline: {
      ...history,
      isFirst: after === undefined,
      names: await nameActors(
        services,
        history.events.flatMap(({ actor }) => actor ?? []),
      ),
      person: {
        isRegistration: user.isRegistration,
        source: [first.utm_source, first.utm_campaign].filter(Boolean).join(" / ") || first.referrer || null,
        consents: Object.fromEntries(services.consents.kinds().map(({ key, wording }) => [key, wording.label[locale]])),
      },
    },
    payment: { newest: newest?.id ?? null },
    sessions: sessions.length,
    conflicts,
    correction,
  };
}

/** Blank: the first form, if it has no name. */
const nameOf = (forms: Forms, slug: string | null): string =>
  formName({ name: (slug === null ? forms.first() : forms.bySlug(slug))?.name ?? "", slug });
