import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useState } from "react";
import { Alert } from "~/components/ui/alert";
import { Card } from "~/components/ui/card";
import { changeLogo } from "~/features/settings/change-logo.server";
import { LogoForm } from "~/features/settings/logo-form";
import { logoTexts } from "~/features/settings/logo-texts";
import { SettingValue } from "~/features/settings/setting-value";
import { SettingsPage } from "~/features/settings/settings-page";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { viewSettings } from "~server/settings/view";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { settings, seen } = await viewSettings(args.context.services, "site");
  const logo = settings.find(({ key }) => key === "logo");
  return { text: logo?.text ?? "", locked: logo?.locked ?? false, seen };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const form = await readForm(args.request);
  const answer = await changeLogo(args.context.services, { actor, form });
  return data(answer, { status: answer.status });
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(logoTexts, (m) => ({ title: m.title, description: m.lead }));

/** The site's logo: the present one, a picture to upload, and the way back to the name alone. */
export default function AdminLogo() {
  const m = useTexts(logoTexts);
  const { text, locked, seen } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  const saved = answer?.change ?? 0;
  // The file field is empty again after each logo that was saved, and keeps its file where a colleague's logo was loaded.
  const [last, setLast] = useState(saved);
  if (saved > last) setLast(saved);
  return (
    <SettingsPage place="site" title={m.title} lead={m.lead}>
      <Card className="grid gap-6 p-5 sm:p-8">
        {text ? (
          <p>
            <SettingValue name="logo" text={text} />
          </p>
        ) : (
          <p className="text-ink-soft">{m.none}</p>
        )}
        {locked ? (
          <Alert tone="wait">{m.faults.locked}</Alert>
        ) : (
          <LogoForm
            key={last}
            // A logo that was saved is known before the page's data are loaded again.
            seen={Math.max(seen, saved)}
            hasLogo={text !== ""}
            answer={answer}
          />
        )}
      </Card>
    </SettingsPage>
  );
}
