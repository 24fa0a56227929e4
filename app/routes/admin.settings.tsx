import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { ConsentsOverview } from "~/features/consents/consents-overview";
import { SettingsHistory } from "~/features/settings/settings-history";
import { SettingsOverview } from "~/features/settings/settings-overview";
import { SettingsPage } from "~/features/settings/settings-page";
import { settingsTexts } from "~/features/settings/texts";
import { UndoAlert } from "~/features/settings/undo-alert";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { pageId, throwAsPage } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { requirePasswordAgain } from "~/page/password-again.server";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { asksIn } from "~server/consents/shown";
import { requestLocale } from "~server/http/request-locale";
import { isAppError } from "~server/platform/errors";
import { undoReviewed } from "~server/preview/undo";
import { settingsHistory } from "~server/settings/change";
import { setting, settingGroups } from "~server/settings/definitions";
import { namesReceiver } from "~server/settings/receivers";
import { viewSettings } from "~server/settings/view";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const changes = await settingsHistory(services);
  const names = await nameActors(
    services,
    changes.map(({ actor }) => actor),
  );
  const asked = asksIn(services.consents, requestLocale(args.request));
  return { ...(await viewSettings(services)), changes, names, asked };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const form = await readForm(args.request);
  const undo = form.get("undo");
  if (typeof undo !== "string") throw data(null, { status: 400 });
  const id = pageId(undo);
  try {
    const locale = requestLocale(args.request);
    const answer = await undoReviewed(args.context.services, { actor, id, locale }, async (changes) => {
      // What stood before may name a receiver of people's data.
      if (namesReceiver(changes)) await requirePasswordAgain(args, actor, form);
    });
    return data({ ...answer, change: id }, { status: answer.outcome === "refused" ? 400 : 200 });
  } catch (error) {
    // What stood before may have been locked or have become invalid: the page's data are out of date in either case.
    if (isAppError(error, "CONFLICT") || isAppError(error, "INVALID"))
      return data({ outcome: "conflict" as const, change: id }, { status: 409 });
    throwAsPage(error);
  }
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(settingsTexts, (m) => ({ title: m.title, description: m.description }));

/** What applies now, page by page, and what was changed by whom. */
export default function AdminSettings() {
  const m = useTexts(settingsTexts);
  const { settings, changes, names, asked } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  return (
    <SettingsPage place="overview" title={m.title} lead={m.description}>
      {answer ? <UndoAlert answer={answer} change={answer.change} /> : null}
      {settingGroups.map((group) => (
        <SettingsOverview
          key={group}
          group={group}
          settings={settings.filter(({ key }) => setting(key).group === group)}
        />
      ))}
      <ConsentsOverview asked={asked} />
      <SettingsHistory changes={changes} names={names} />
    </SettingsPage>
  );
}
