import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Card } from "~/components/ui/card";
import { ConsentEditor } from "~/features/consents/consent-editor";
import { ConsentGone } from "~/features/consents/consent-gone";
import { versionText } from "~/features/consents/consent-kinds";
import { answerConsent, answerGone, type ConsentAnswer } from "~/features/consents/consent-request.server";
import { ConsentPreviews, ConsentReview } from "~/features/consents/consent-review";
import { useConsentsToast } from "~/features/consents/consents-toast";
import { consentsTexts } from "~/features/consents/texts";
import { AsStored } from "~/features/settings/as-stored";
import { SettingsPage } from "~/features/settings/settings-page";
import { settingsTexts } from "~/features/settings/texts";
import { useNoEarlierToast } from "~/features/toasts/change-toast";
import { SavedAlert } from "~/features/toasts/saved-alert";
import { useAnswer } from "~/hooks/use-answer";
import { useSavedForm } from "~/hooks/use-form-key";
import { useLocale, useTexts } from "~/i18n/locale";
import { throwAsPage } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { newestConsentChange } from "~server/consents/change";
import { newKey } from "~server/consents/kinds";
import { goneConsent, viewConsent } from "~server/consents/view";
import type { Services } from "~server/services";

/** A consent, or what became of one; null for the page on which one is added. */
async function viewed(services: Services, key: string | undefined) {
  if (key === newKey) return null;
  const view = await viewConsent(services, key ?? "");
  if (view) return { ...view, gone: null };
  const gone = await goneConsent(services, key ?? "");
  if (!gone) throw data(null, { status: 404 });
  const names = await nameActors(services, [gone.actor]);
  return { kind: null, earlier: [], seen: 0, gone: { ...gone, names } };
}

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const view = await viewed(services, args.params.key);
  if (view?.gone) return data(view, { status: 404 });
  return view ?? { kind: null, earlier: [], seen: await newestConsentChange(services.db), gone: null };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { services } = args.context;
  const view = await viewed(services, args.params.key);
  const form = await readForm(args.request);
  if (view?.gone) {
    const { status, ...answer } = answerGone(form, args.params.key ?? "");
    return data(answer, { status });
  }
  try {
    const { status, ...answer } = await answerConsent(services, { actor, form, known: view?.kind ?? null });
    if (!view && answer.outcome === "saved") return redirect(`/admin/settings/consents?added=${answer.change}`);
    return data(answer, { status });
  } catch (error) {
    throwAsPage(error);
  }
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(consentsTexts, (m) => ({ title: m.title, description: m.description }));

/** The words of one consent: the present ones, how the form asks, and all that people may have agreed to before. */
export default function AdminConsent() {
  const { gone } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  return gone ? <ConsentGone {...gone} typed={answer?.typed ?? null} /> : <PresentConsent />;
}

function PresentConsent() {
  const m = useTexts(consentsTexts);
  const locale = useLocale();
  const { kind, earlier, seen } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  useNoEarlierToast("consents", answer || !kind ? null : kind.key);
  const isSaved = answer?.outcome === "saved";
  const change = isSaved ? answer.change : null;
  const { formKey, onInput, isAhead } = useSavedForm({ seen, change, answer });
  return (
    <SettingsPage place="consents" title={kind?.wording.label[locale] ?? m.form.new}>
      {answer ? <ConsentAlert answer={answer} /> : null}
      {answer?.review ? <ConsentReview {...answer.review} seen={answer.seen} isNew={kind === null} /> : null}
      <Card className="p-5 sm:p-8">
        <ConsentEditor
          key={formKey}
          onInput={onInput}
          kind={kind}
          typed={answer && (!isSaved || isAhead) ? answer.typed : null}
          isSaved={isSaved}
          problems={answer?.problems ?? {}}
          overtaken={answer?.overtaken ?? {}}
          theirs={answer?.theirs ?? []}
          // What was saved is known before the page's data are loaded again.
          seen={answer && !isSaved ? answer.seen : Math.max(seen, change ?? 0)}
          reviewed={answer?.outcome === "review"}
        />
      </Card>
      {kind && !answer?.review ? (
        <section className="grid gap-3">
          <h2 className="text-lg font-semibold">{m.form.preview}</h2>
          <ConsentPreviews draft={kind} />
        </section>
      ) : null}
      {earlier.length > 0 ? (
        <section className="grid gap-3">
          <h2 className="text-lg font-semibold">{m.wordings}</h2>
          {earlier.map((wording) => (
            <details key={wording.version}>
              <summary className="w-fit text-accent underline decoration-1 underline-offset-4">
                {versionText(m, wording.version)}
              </summary>
              <div className="mt-3">
                <ConsentPreviews draft={{ required: true, wording }} />
              </div>
            </details>
          ))}
        </section>
      ) : null}
    </SettingsPage>
  );
}

function ConsentAlert({ answer: { outcome, change } }: { answer: Pick<ConsentAnswer, "outcome" | "change"> }) {
  const m = useTexts(consentsTexts);
  const { undone } = useTexts(settingsTexts);
  const isUndone = useConsentsToast(change);
  if (outcome === "saved")
    return (
      <SavedAlert isTold={change !== null} undoneBy={isUndone ? "toast" : null} undone={undone}>
        {m.done}
      </SavedAlert>
    );
  if (outcome === "same") return <Alert tone="wait">{m.same}</Alert>;
  if (outcome === "review") return <Alert tone="wait">{m.form.review}</Alert>;
  if (outcome === "refused") return <Alert tone="bad">{m.refused}</Alert>;
  return (
    <Alert tone="bad">
      {m.form.conflict} <AsStored />
    </Alert>
  );
}
