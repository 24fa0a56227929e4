import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { type EmbeddedForm, EmbedLines } from "~/features/embed/embed-lines";
import { AlertChannels, TestedAlert } from "~/features/settings/alert-channels";
import { type Options, optionsFrom, targetsFrom } from "~/features/settings/choices.server";
import { testField } from "~/features/settings/form-fields";
import { furtherSources } from "~/features/settings/further-sources.server";
import { MessageTroubleAlert } from "~/features/settings/message-trouble-alert";
import { SettingsAlert } from "~/features/settings/settings-alert";
import { SettingsForm } from "~/features/settings/settings-form";
import { answerSettings } from "~/features/settings/settings-form.server";
import { SettingsPage } from "~/features/settings/settings-page";
import { SettingsReview } from "~/features/settings/settings-review";
import { settingsTexts } from "~/features/settings/texts";
import { useAnswer, useAnswerTo } from "~/hooks/use-answer";
import { useSavedForm } from "~/hooks/use-form-key";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { requirePasswordAgain } from "~/page/password-again.server";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import type { FieldDescriptions } from "~server/bitrix24/sent-fields";
import { partlyFilledFields, unfilledFields } from "~server/connection-check/check-field-map";
import { questionsOf } from "~server/forms/questions";
import { requestLocale } from "~server/http/request-locale";
import { viewChannels } from "~server/notices/alert-messages";
import { channels as allChannels } from "~server/notices/channels";
import { messageTrouble } from "~server/notices/message-trouble";
import { sendTestAlert } from "~server/notices/test-alert";
import type { Env } from "~server/platform/env";
import { concernsPortal, offeredChoices, offeredFields } from "~server/preview/review";
import type { Services } from "~server/services";
import { type SettingGroup, settingGroups } from "~server/settings/definitions";
import { namesReceiver } from "~server/settings/receivers";
import { viewSettings } from "~server/settings/view";

function groupOf(text: string | undefined): SettingGroup {
  const group = settingGroups.find((each) => each === text);
  if (!group) throw data(null, { status: 404 });
  return group;
}

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const group = groupOf(args.params.group);
  const { services } = args.context;
  const channels = group === "alerts" ? await viewChannels(services) : [];
  const trouble = group === "letters" ? await messageTrouble(services) : null;
  const view = { ...(await viewSettings(services, group)), channels, trouble };
  const embed = group === "embed" ? embedOf(services) : null;
  const sources = furtherSources(services);
  // What the portal demands of everybody is told also where the map is locked.
  const asks = concernsPortal(group) && (group === "fields" || view.settings.some(({ locked }) => !locked));
  if (asks && group === "fields") {
    const fields = await offeredFields(services);
    const options: Options = { fields: targetsFrom(fields, requestLocale(args.request)) };
    return { group, ...view, embed, sources, silent: !fields, options, ...demandsOf(services.env, fields) };
  }
  const choices = asks ? await offeredChoices(services) : null;
  const options = optionsFrom(choices, view.settings);
  return { group, ...view, embed, sources, silent: asks && choices === null, options, unfilled: [], partly: [] };
}

/** The lines for other sites' pages, and the sites that this process lets show the form. */
function embedOf({ env, forms }: Services) {
  const offered: EmbeddedForm[] = forms.all().flatMap(({ slug, name, isClosed, definition }) => {
    const passes = questionsOf(definition.items).flatMap(({ parameter }) => (parameter ? [parameter] : []));
    return isClosed ? [] : [{ slug, name, passes }];
  });
  return { site: env.APP_URL, origins: env.EMBED_ORIGINS, forms: offered };
}

const demandsOf = (env: Env, fields: FieldDescriptions | null) => ({
  unfilled: fields ? unfilledFields(env, fields) : [],
  partly: fields ? partlyFilledFields(env, fields) : [],
});

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const group = groupOf(args.params.group);
  const form = await readForm(args.request);
  const channel = allChannels.find((each) => each === form.get(testField));
  if (group === "alerts" && channel) {
    const sent = await sendTestAlert(args.context.services, channel);
    return data({ tested: { channel, ok: sent.ok, code: sent.ok ? "" : sent.code, said: sent.said ?? "" } });
  }
  const locale = requestLocale(args.request);
  const sent = { actor, group, form, locale };
  const { status, ...answer } = await answerSettings(args.context.services, sent, async (changes) => {
    if (namesReceiver(changes)) await requirePasswordAgain(args, actor, form);
  });
  return data(answer, { status });
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(settingsTexts, (m) => ({ title: m.title, description: m.description }));

/** One page of settings: the form, and before anything is saved what it would change. */
export default function AdminSettingsGroup() {
  const m = useTexts(settingsTexts);
  const { group, settings, seen, silent, channels, trouble, options, sources, unfilled, partly, embed } =
    useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  const answer = useAnswerTo(useActionData<typeof action>(), (each) => ("tested" in each ? null : each));
  const { title, lead } = m.groups[group];
  const { formKey, onInput } = useSavedForm({
    seen,
    change: answer?.outcome === "saved" ? (answer.change ?? null) : null,
    answer,
  });
  return (
    <SettingsPage place={group} title={title} lead={lead}>
      {answered && "tested" in answered ? <TestedAlert tested={answered.tested} /> : null}
      {answered && !("tested" in answered) ? <SettingsAlert answer={answered} /> : null}
      {unfilled.length > 0 ? (
        <Alert tone="bad">
          {m.map.unfilled} {unfilled.join(", ")}
        </Alert>
      ) : null}
      {partly.length > 0 ? (
        <Alert tone="bad">
          {m.map.partly} {partly.join(", ")}
        </Alert>
      ) : null}
      {trouble ? <MessageTroubleAlert trouble={trouble} /> : null}
      {silent || answer?.review?.silent ? <Alert tone="wait">{m.silent}</Alert> : null}
      {answer?.outcome === "review" ? <SettingsReview answer={answer} seen={answer.seen} /> : null}
      <SettingsForm
        key={formKey}
        onInput={onInput}
        settings={settings}
        options={options}
        sources={sources}
        seen={seen}
        answer={answer}
      />
      {embed ? <EmbedLines {...embed} /> : null}
      {group === "alerts" ? <AlertChannels channels={channels} /> : null}
    </SettingsPage>
  );
}
