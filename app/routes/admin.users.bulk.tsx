import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { actOnMany, bulkAddress, readBulkDone, readBulkForm } from "~/features/users/bulk-actions.server";
import { BulkChanged, BulkUndone } from "~/features/users/bulk-done";
import { bulkTexts } from "~/features/users/bulk-texts";
import { selectionOf } from "~/features/users/selection.server";
import { useAnswer } from "~/hooks/use-answer";
import { useInFlight } from "~/hooks/use-single-submit";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { requirePasswordAgain } from "~/page/password-again.server";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { planBulk } from "~server/payments/bulk";
import { parseUserQuery, userSearch, wholeSearch } from "~server/users/filter";

/** The address says who is selected and what to do, for the question as for the answer. */
function readBulk(request: Request) {
  const params = new URL(request.url).searchParams;
  const mark = params.get("mark");
  if (mark !== "paid" && mark !== "unpaid") throw data(null, { status: 400 });
  const { filter } = parseUserQuery(params);
  return { params, mark, isPaid: mark === "paid", filter, selection: selectionOf(params, filter) } as const;
}

export async function loader(args: LoaderFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { services } = args.context;
  const { params, mark, isPaid, filter, selection } = readBulk(args.request);
  const made = await readBulkDone(services, { actor, isPaid }, { params, selection });
  const plan = selection && !made ? await planBulk(services, { selection, isPaid }) : null;
  return { mark, list: `/admin/users${userSearch(filter) || wholeSearch}`, plan, made };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { params, isPaid, selection } = readBulk(args.request);
  const form = await readForm(args.request);
  const asked = readBulkForm({ isPaid, form }, selection);
  await requirePasswordAgain(args, actor, form);
  const done = await actOnMany(args.context.services, { actor, isPaid }, asked);
  if (done.did === "change") throw redirect(`/admin/users/bulk${bulkAddress(params, done)}`);
  return done;
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta: MetaFunction<typeof loader> = (args) =>
  pageMeta(bulkTexts, (m) => ({ title: m.title[args.data?.mark ?? "paid"], description: m.description }))(args);

export default function Bulk() {
  const m = useTexts(bulkTexts);
  const { mark, list, plan, made } = useLoaderData<typeof loader>();
  const undone = useAnswer<typeof action>();
  const back = (
    <ButtonLink to={list} look="secondary">
      {m.back}
    </ButtonLink>
  );
  // The change may have emptied the selection: the unpaid, once they are marked as paid.
  const asked = plan && plan.selected > 0 ? plan : null;
  if (!undone && !made && !asked)
    return (
      <Page width="text">
        <PageHeader title={m.title[mark]} />
        <EmptyState title={m.nobody.title}>
          <p>{m.nobody.text}</p>
        </EmptyState>
        <p>{back}</p>
      </Page>
    );
  const alike = asked ? asked.selected - asked.changing : 0;
  return (
    <Page width="text">
      <PageHeader title={m.title[mark]} />
      <Card className="grid gap-5 p-5 sm:p-8">
        {undone ? (
          <BulkUndone done={undone} back={back} />
        ) : made ? (
          <BulkChanged done={made} back={back}>
            {made.left > 0 && made.goesOn ? (
              <>
                <p>{m.left(made.left)}</p>
                <Confirm label={m.goOn} shown={made.goesOn} after={made.change.after} back={back} />
              </>
            ) : (
              <p>{back}</p>
            )}
          </BulkChanged>
        ) : !asked || asked.changing === 0 ? (
          <>
            <p>{m.nothing}</p>
            <p>{back}</p>
          </>
        ) : (
          <>
            <p className="text-lg font-semibold">{m.ask[mark](asked.changing)}</p>
            {alike > 0 ? <p>{m.already(alike)}</p> : null}
            <p className="text-ink-soft">{m.consequence}</p>
            <Confirm label={m.confirm[mark](asked.changing)} shown={asked} back={back} />
          </>
        )}
      </Card>
    </Page>
  );
}

/** Without an action it is sent to the page's own address, which says what is confirmed. */
function Confirm(props: {
  label: string;
  /**
   * The newest person and the newest change of a payment when it was asked: who registered or was changed later is not
   * meant, and a second request knows the first.
   */
  shown: { upTo: number; seen: number };
  /** Continued: where in the payment history the bulk change began. */
  after?: number;
  back: React.ReactNode;
}) {
  const { label, shown, after, back } = props;
  const m = useTexts(bulkTexts);
  const busy = useInFlight();
  return (
    <PostForm className="flex flex-wrap gap-3">
      <input type="hidden" name="upTo" value={shown.upTo} />
      <input type="hidden" name="seen" value={shown.seen} />
      {after === undefined ? null : <input type="hidden" name="after" value={after} />}
      <Button type="submit">{busy ? <Spinner label={m.working} /> : label}</Button>
      {back}
    </PostForm>
  );
}
