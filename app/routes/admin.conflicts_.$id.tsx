import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { chooseDealTexts } from "~/features/conflicts/choose-deal-texts";
import { type ShownConflict, ShownFields } from "~/features/conflicts/shown-fields";
import { formatNumber } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";
import { pageId, throwAsPage } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { Bitrix24Error } from "~server/bitrix24/transport/error";
import { listOpenDeals, type OpenDeal } from "~server/conflicts/choose-deal";
import { reasonOf } from "~server/queue/reasons";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const conflictId = pageId(args.params.id);
  try {
    const { deals, dismissed } = await listOpenDeals(args.context.services, conflictId);
    return { conflictId, deals, dismissed, code: null };
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) return throwAsPage(error);
    return { conflictId, deals: [], dismissed: false, code: error.code };
  }
}

export const meta = pageMeta(chooseDealTexts, (m) => ({ title: m.title, description: m.lead }));

export default function ChooseDeal() {
  const m = useTexts(chooseDealTexts);
  const locale = useLocale();
  const { conflictId, deals, dismissed, code } = useLoaderData<typeof loader>();
  return (
    <Page width="text">
      <PageHeader title={m.title} lead={m.lead} />
      {code === null ? null : (
        <Alert tone="bad">
          {m.unread} {reasonOf(locale, { code }).what}
        </Alert>
      )}
      {code === null && deals.length === 0 ? <EmptyState title={m.none.title}>{m.none.text}</EmptyState> : null}
      {deals.length === 0 ? null : (
        <Card className="p-5 sm:p-8">
          <ul aria-label={m.list} className="divide-y divide-line">
            {deals.map((deal) => (
              <li key={deal.id} className="grid gap-3 py-5 first:pt-0 last:pb-0">
                <Deal deal={deal} conflict={{ id: conflictId, dismissed, sale: null }} />
              </li>
            ))}
          </ul>
        </Card>
      )}
      <p>
        <ButtonLink to="/admin/conflicts" look="secondary">
          {m.back}
        </ButtonLink>
      </p>
    </Page>
  );
}

function Deal({ deal, conflict }: { deal: OpenDeal; conflict: ShownConflict }) {
  const m = useTexts(chooseDealTexts);
  const locale = useLocale();
  const amount = deal.amount === null ? deal.currency : `${formatNumber(locale, deal.amount)} ${deal.currency}`;
  return (
    <>
      <div className="grid gap-1">
        <p className="font-medium wrap-anywhere">{deal.title}</p>
        <p className="text-sm text-ink-soft">{m.facts(deal.stageId, amount)}</p>
        <p className="text-sm">
          <a href={deal.url} rel="noreferrer" className="text-accent underline underline-offset-4">
            {m.deal(deal.id)}
          </a>
        </p>
      </div>
      <PostForm action="/admin/conflicts">
        <ShownFields conflict={conflict} />
        <input type="hidden" name="deal" value={deal.id} />
        <Button type="submit" name="action" value="choose" size="sm">
          {m.choose(deal.id)}
        </Button>
      </PostForm>
    </>
  );
}
