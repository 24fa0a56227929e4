import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Card } from "~/components/ui/card";
import { Page, PageHeader } from "~/components/ui/page";
import { TextLink } from "~/components/ui/text-link";
import { RegistrationPreview } from "~/features/settings/preview";
import { settingsTexts } from "~/features/settings/texts";
import { notThere } from "~/features/users/not-there.server";
import { useTexts } from "~/i18n/locale";
import { pageId } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { tryDryRun } from "~server/preview/dry-run";
import { getUser } from "~server/users/users";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const id = pageId(args.params.id);
  const { services } = args.context;
  if (!(await getUser(services, id))) throw await notThere(services, id);
  return { id, run: await tryDryRun(services, services.env, String(id)) };
}

export const meta: MetaFunction<typeof loader> = (args) =>
  pageMeta(settingsTexts, (m) => ({ title: m.preview.page(Number(args.params.id)) }))(args);

/** What the settings as they are now would make of a person's registration; nothing is written. */
export default function PersonPreview() {
  const m = useTexts(settingsTexts);
  const { id, run } = useLoaderData<typeof loader>();
  return (
    <Page>
      <div className="grid gap-2">
        <p className="text-sm">
          <TextLink to={`/admin/users/${id}`}>{m.preview.back(id)}</TextLink>
        </p>
        <PageHeader title={m.preview.page(id)} />
      </div>
      <Card className="p-5 sm:p-8">
        {run ? (
          <RegistrationPreview preview={run.preview} title={m.preview.of(run.userId, run.name)} level={2} />
        ) : (
          <p>{m.preview.nobody(String(id))}</p>
        )}
      </Card>
    </Page>
  );
}
