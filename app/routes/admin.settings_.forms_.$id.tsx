import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { ButtonLink } from "~/components/ui/button";
import { Page, PageHeader } from "~/components/ui/page";
import { answerEditor } from "~/features/forms/editor.server";
import { FormAlert } from "~/features/forms/form-alert";
import { FormEditor } from "~/features/forms/form-editor";
import { FormHistory } from "~/features/forms/form-history";
import { FormReview } from "~/features/forms/form-review";
import { formsTexts } from "~/features/forms/texts";
import { inputsOf } from "~/features/forms/typed";
import { optionsFrom, targetsFrom } from "~/features/settings/choices.server";
import { furtherSources } from "~/features/settings/further-sources.server";
import { settingsTexts } from "~/features/settings/texts";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { pageId } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { formHistory, storedForm } from "~server/forms/change";
import { textsNow } from "~server/forms/form-env";
import { requestLocale } from "~server/http/request-locale";
import { isAppError } from "~server/platform/errors";
import { offeredChoices, offeredFields } from "~server/preview/review";
import { undoFormReviewed } from "~server/preview/undo-form";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const form = await storedForm(services, pageId(args.params.id)).catch(notFound);
  const changes = await formHistory(services, form.id);
  const names = await nameActors(
    services,
    changes.map(({ actor }) => actor),
  );
  const texts = textsNow(services.env, form.state.definition.settings);
  const [choices, fields] = await Promise.all([offeredChoices(services), offeredFields(services)]);
  const shown = Object.entries(texts).map(([key, text]) => ({ key: key as keyof typeof texts, text, locked: false }));
  const options = {
    ...optionsFrom(choices, shown),
    fields: targetsFrom(fields, requestLocale(args.request)),
  };
  return { ...form, changes, names, texts, options, sources: furtherSources(services), silent: choices === null };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { services } = args.context;
  const id = pageId(args.params.id);
  const form = await readForm(args.request);
  const locale = requestLocale(args.request);
  const undo = form.get("undo");
  try {
    if (typeof undo !== "string") {
      const { status, ...answer } = await answerEditor(services, { actor, id, form, locale });
      return data({ answer, undo: null }, { status });
    }
    const undone = await undoFormReviewed(services, { actor, changeId: pageId(undo), locale });
    const problems = undone.outcome === "refused" ? Object.values(undone.problems) : [];
    const outcome = undone.outcome === "undone" ? ("undone" as const) : ("undoRefused" as const);
    return data({ answer: null, undo: { outcome, problems } }, { status: problems.length > 0 ? 400 : 200 });
  } catch (error) {
    if (isAppError(error, "NOT_FOUND")) throw data(null, { status: 404 });
    if (!isAppError(error, "CONFLICT")) throw error;
    return data({ answer: null, undo: { outcome: "conflict" as const, problems: [] } }, { status: error.status });
  }
}

function notFound(error: unknown): never {
  if (isAppError(error, "NOT_FOUND")) throw data(null, { status: 404 });
  throw error;
}

export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(formsTexts, (m) => ({ title: m.title, description: m.description }));

/** One form: everything that can be changed of it, and before anything is saved what that would change. */
export default function AdminForm() {
  const m = useTexts(formsTexts);
  const s = useTexts(settingsTexts);
  const { state, seen, changes, names, texts, options, sources, silent } = useLoaderData<typeof loader>();
  const acted = useAnswer<typeof action>();
  const answer = acted?.answer ?? undefined;
  const isOver = !answer || answer.outcome === "saved" || answer.outcome === "conflict";
  return (
    <Page>
      <PageHeader
        title={state.name || state.slug || m.first}
        lead={state.slug === null ? "/register" : `/register/${state.slug}`}
        actions={
          <ButtonLink to="/admin/settings/forms" look="secondary" size="sm">
            {m.back}
          </ButtonLink>
        }
      />
      {answer ? <FormAlert outcome={answer.outcome} /> : null}
      {acted?.undo ? <FormAlert outcome={acted.undo.outcome} problems={acted.undo.problems} /> : null}
      {silent || answer?.review?.silent ? <Alert tone="wait">{s.silent}</Alert> : null}
      {answer?.outcome === "review" ? <FormReview answer={answer} /> : null}
      <FormEditor
        // With the current values once they were saved, undone, or changed by another administrator.
        key={isOver ? `${seen}` : "typed"}
        state={state}
        seen={seen}
        texts={texts}
        options={options}
        sources={sources}
        inputs={inputsOf(isOver ? undefined : answer.typed, answer?.said ?? {})}
      />
      <FormHistory changes={changes} names={names} />
    </Page>
  );
}
