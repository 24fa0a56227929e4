import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigationType } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { ButtonLink } from "~/components/ui/button";
import { TextLink } from "~/components/ui/text-link";
import { ConsentHistory } from "~/features/consents/consent-history";
import { ConsentKinds, isBuiltIn } from "~/features/consents/consent-kinds";
import { answerList, type ListAnswer } from "~/features/consents/consent-request.server";
import { useConsentsToast } from "~/features/consents/consents-toast";
import { consentsTexts } from "~/features/consents/texts";
import { SettingsPage } from "~/features/settings/settings-page";
import { settingsTexts } from "~/features/settings/texts";
import { useUndoneOnPage } from "~/features/toasts/change-toast";
import { SavedAlert } from "~/features/toasts/saved-alert";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { throwAsPage } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { viewConsents } from "~server/consents/view";
import { parseId } from "~server/platform/ids";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const view = await viewConsents(services);
  const actors = view.changes.map(({ actor }) => actor);
  const added = new URL(args.request.url).searchParams.get("added");
  return { ...view, names: await nameActors(services, actors), added };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const form = await readForm(args.request);
  try {
    const answer = await answerList(args.context.services, { actor, form });
    if (!answer) throw data(null, { status: 400 });
    return data(answer, { status: answer.status });
  } catch (error) {
    throwAsPage(error);
  }
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(consentsTexts, (m) => ({ title: m.title, description: m.description }));

/** What the form asks people to agree to, and what was changed by whom. */
export default function AdminConsents() {
  const m = useTexts(consentsTexts);
  const { kinds, changes, labels, seen, names, added } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  // Not news on a page that is opened again.
  const isNews = useNavigationType() !== "POP";
  return (
    <SettingsPage
      place="consents"
      title={m.title}
      lead={kinds.some(({ wording }) => isBuiltIn(wording.version)) ? `${m.lead} ${m.unnamed}` : m.lead}
      actions={
        <ButtonLink to="/admin/settings/consents/new" size="sm">
          {m.add}
        </ButtonLink>
      }
    >
      {answer || added !== null ? (
        <ListAlert answer={answer ?? { outcome: "saved", change: isNews ? parseId(added) : null }} />
      ) : null}
      <ConsentKinds kinds={kinds} seen={seen} />
      <ConsentHistory changes={changes} labels={labels} names={names} />
    </SettingsPage>
  );
}

function ListAlert({ answer: { outcome, change, undid, rules = [] } }: { answer: Omit<ListAnswer, "status"> }) {
  const m = useTexts(consentsTexts);
  const { undone } = useTexts(settingsTexts);
  const isUndone = useConsentsToast(change ?? null);
  useUndoneOnPage("consents", undid ?? null);
  if (outcome === "saved") {
    const undoneBy = isUndone ? "toast" : undid === undefined ? null : "page";
    return (
      <SavedAlert isTold={typeof change === "number"} undoneBy={undoneBy} undone={undone}>
        {m.done}
      </SavedAlert>
    );
  }
  if (outcome === "same") return <Alert tone="wait">{m.same}</Alert>;
  return (
    <Alert tone="bad">
      {m[outcome]}
      {rules.map(({ form, rule }) => (
        <span key={`${form?.id} ${rule}`} className="block wrap-anywhere">
          <TextLink to={form ? `/admin/settings/forms/${form.id}` : "/admin/settings/fields"}>
            {form ? form.name || m.firstForm : m.siteMap}
          </TextLink>
          {`: ${rule}`}
        </span>
      ))}
    </Alert>
  );
}
