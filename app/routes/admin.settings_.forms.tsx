import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { FormList } from "~/features/forms/form-list";
import { useFormToast } from "~/features/forms/form-toast";
import { answerList } from "~/features/forms/forms-page.server";
import { NewForm } from "~/features/forms/new-form";
import { formsTexts } from "~/features/forms/texts";
import { SettingsPage } from "~/features/settings/settings-page";
import { SavedAlert } from "~/features/toasts/saved-alert";
import { useAnswer, useAnswerTo } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { throwAsPage } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { heldForms } from "~server/crm/form-holds";
import { requestLocale } from "~server/http/request-locale";
import { readFormStatistics } from "~server/statistics/form-statistics";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  await services.forms.reload();
  const held = await heldForms(services);
  const like = new URL(args.request.url).searchParams.get("like") ?? "";
  const all = services.forms.all();
  // A single form has the numbers of the overview.
  const counted = all.length > 1 ? await readFormStatistics(services, null) : null;
  const forms = all.map(({ id, slug, name, isClosed }) => {
    const { registrations = 0, paid = 0 } = counted?.find(({ form }) => form === id) ?? {};
    return { id, slug, name, isClosed, isHeld: held.has(id), people: counted && { registrations, paid } };
  });
  return { forms, like };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const form = await readForm(args.request);
  const locale = requestLocale(args.request);
  try {
    const { status, ...answer } = await answerList(args.context.services, { actor, form, locale });
    return data(answer, { status });
  } catch (error) {
    throwAsPage(error);
  }
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(formsTexts, (m) => ({ title: m.title, description: m.description }));

const tones = { made: "good", same: "wait", refused: "bad", conflict: "bad" } as const;

/** The registration forms: add one, copy it, close it, open it again. */
export default function AdminForms() {
  const m = useTexts(formsTexts);
  const { forms, like } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  const added = useAnswerTo(useActionData<typeof action>(), (each) =>
    each.outcome === "made" || each.outcome === "refused" ? each : null,
  );
  const isUndone = useFormToast(answer?.saved ?? { form: 0, change: null });
  return (
    <SettingsPage place="forms" title={m.title} lead={m.description}>
      {answer?.outcome === "saved" ? (
        <SavedAlert isTold={answer.saved !== null} undoneBy={isUndone ? "toast" : null} undone={m.undone}>
          {m.saved}
        </SavedAlert>
      ) : answer ? (
        <Alert tone={tones[answer.outcome]}>{m[answer.outcome]}</Alert>
      ) : null}
      <FormList forms={forms} />
      <NewForm
        // Blank again once a form was added; not a second time when the list has it.
        key={added?.made ? `made ${added.made}` : `like ${like}`}
        forms={forms}
        like={like}
        answer={added}
      />
    </SettingsPage>
  );
}
