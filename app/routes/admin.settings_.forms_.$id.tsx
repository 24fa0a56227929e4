import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { ButtonLink } from "~/components/ui/button";
import { Page, PageHeader } from "~/components/ui/page";
import { answerEditor } from "~/features/forms/editor.server";
import { SectionAlert, UndoneAlert } from "~/features/forms/form-alert";
import { FormEditor } from "~/features/forms/form-editor";
import { FormHistory } from "~/features/forms/form-history";
import { FormLook } from "~/features/forms/form-look";
import { FormReview } from "~/features/forms/form-review";
import { PresentPreview } from "~/features/forms/present-preview";
import { SectionNav } from "~/features/forms/section-nav";
import { formsTexts } from "~/features/forms/texts";
import { inputsOf } from "~/features/forms/typed";
import { optionsFrom, targetsFrom } from "~/features/settings/choices.server";
import { seenField } from "~/features/settings/form-fields";
import { furtherSources } from "~/features/settings/further-sources.server";
import { settingsTexts } from "~/features/settings/texts";
import { useAnswer, useAnswerTo } from "~/hooks/use-answer";
import { useUntouchedKey } from "~/hooks/use-form-key";
import { useTexts } from "~/i18n/locale";
import { pageId, throwAsPage } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { asksIn } from "~server/consents/shown";
import { SlugTakenError, storedForm } from "~server/forms/change";
import { type FormSection, isFormSection } from "~server/forms/draft-inputs";
import { textsNow } from "~server/forms/form-env";
import { formHistory } from "~server/forms/form-history";
import { formName } from "~server/forms/form-name";
import { formPath } from "~server/forms/form-path";
import { shownForm } from "~server/forms/shown-form";
import { requestLocale } from "~server/http/request-locale";
import { isAppError } from "~server/platform/errors";
import { offeredChoices, offeredFields } from "~server/preview/review";
import { presentPreview } from "~server/preview/review-form";
import { undoFormReviewed } from "~server/preview/undo-form";

/** The section that the page's address names; without one, the questions. */
function sectionOf(request: Request): FormSection {
  const named = new URL(request.url).searchParams.get("section");
  return isFormSection(named) ? named : "questions";
}

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const section = sectionOf(args.request);
  const locale = requestLocale(args.request);
  const form = await storedForm(services, pageId(args.params.id)).catch(throwAsPage);
  const { definition } = form.state;
  const changes = await formHistory(services, form.id);
  const names = await nameActors(
    services,
    changes.map(({ actor }) => actor),
  );
  const texts = textsNow(services.env, definition.settings);
  // What is compared with the portal has what the next registration makes beside it.
  const isOfDeal = section === "deal" || section === "fields";
  const [choices, fields, present] = await Promise.all([
    section === "deal" ? offeredChoices(services) : null,
    section === "fields" ? offeredFields(services) : null,
    isOfDeal ? presentPreview(services, { definition, locale }) : null,
  ]);
  const shown = Object.entries(texts).map(([key, text]) => ({ key: key as keyof typeof texts, text, locked: false }));
  const options = { ...optionsFrom(choices, shown), fields: targetsFrom(fields, locale) };
  const silent = isOfDeal && (section === "deal" ? choices : fields) === null;
  const sources = furtherSources(services);
  const [look, consents] = [shownForm(definition, locale), asksIn(services.consents, locale)];
  return { ...form, section, changes, names, texts, options, sources, silent, present, look, consents };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { services } = args.context;
  const id = pageId(args.params.id);
  const form = await readForm(args.request);
  const locale = requestLocale(args.request);
  const undone = form.get("undo");
  const change = typeof undone === "string" ? pageId(undone) : null;
  try {
    if (change === null) {
      const section = sectionOf(args.request);
      const { status, ...answer } = await answerEditor(services, { actor, id, section, form, locale });
      return data({ answer, undo: null }, { status });
    }
    const result = await undoFormReviewed(services, { actor, changeId: change, locale });
    const problems = result.outcome === "refused" ? Object.values(result.problems) : [];
    const outcome = result.outcome === "undone" ? ("undone" as const) : ("undoRefused" as const);
    return data({ answer: null, undo: { outcome, problems, change } }, { status: problems.length > 0 ? 400 : 200 });
  } catch (error) {
    if (!isAppError(error, "CONFLICT")) return throwAsPage(error);
    const outcome = error instanceof SlugTakenError ? ("undoTaken" as const) : ("overtaken" as const);
    const undo = { outcome, problems: [], change };
    return data({ answer: null, undo }, { status: error.status });
  }
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(formsTexts, (m) => ({ title: m.title, description: m.description }));

/** One form, section by section, and before anything is saved what that would change. */
export default function AdminForm() {
  const m = useTexts(formsTexts);
  const s = useTexts(settingsTexts);
  const loaded = useLoaderData<typeof loader>();
  const { section, state, seen, changes, names, silent, present } = loaded;
  const acted = useAnswer<typeof action>();
  // What is typed stays when the history below is used, as when a toast undoes a change.
  const answer = useAnswerTo(useActionData<typeof action>(), (each) => each.answer);
  // What was saved is on the page already while the page's data are loaded again.
  const isLoading = answer?.outcome === "saved" && answer.typed[seenField] === String(seen);
  const isOver = answer?.outcome === "same" || (answer?.outcome === "saved" && !isLoading);
  const typed = isOver ? undefined : answer?.typed;
  // An undoing changes what would be saved: it is to be looked at again.
  const isReviewed = answer?.outcome === "review" && !acted?.undo;
  // With the current values once they were saved, or undone while nothing was typed, and with what was typed after each answer.
  const { formKey, onInput } = useUntouchedKey(
    typed ? `${section} ${JSON.stringify(typed)} ${answer?.act}` : `${section} ${seen}`,
    answer ?? section,
  );
  const address = formPath(state.slug);
  return (
    <Page width="wide">
      <PageHeader
        title={formName(state, m.first)}
        lead={address}
        actions={
          <span className="flex flex-wrap gap-3">
            <ButtonLink to={address} look="secondary" size="sm">
              {m.see}
            </ButtonLink>
            <ButtonLink to="/admin/settings/forms" look="secondary" size="sm">
              {m.back}
            </ButtonLink>
          </span>
        }
      />
      <SectionNav current={section} />
      {acted?.answer ? <SectionAlert answer={acted.answer} form={loaded.id} section={section} /> : null}
      {acted?.undo ? <UndoneAlert undo={acted.undo} section={section} /> : null}
      {silent || answer?.review?.silent ? <Alert tone="wait">{s.silent}</Alert> : null}
      {isReviewed ? <FormReview answer={answer} /> : null}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <FormEditor
          key={formKey}
          onInput={onInput}
          {...loaded}
          inputs={inputsOf(typed, answer?.said ?? {}, isLoading)}
          act={acted?.answer?.act}
          saved={answer?.outcome === "saved" ? answer.change : null}
        />
        {section === "questions" ? (
          <FormLook form={(typed && answer?.look) || loaded.look} consents={loaded.consents} isDraft={Boolean(typed)} />
        ) : null}
        {present && !isReviewed ? <PresentPreview {...present} /> : null}
      </div>
      <FormHistory changes={changes} names={names} />
    </Page>
  );
}
