import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { ResentAlert } from "~/features/queue/resent-alert";
import { queueTexts } from "~/features/queue/texts";
import { useAnswer } from "~/hooks/use-answer";
import { useInFlight } from "~/hooks/use-single-submit";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { parseId } from "~server/platform/ids";
import { countUnfinished } from "~server/queue/backlog";
import { backlogKinds } from "~server/queue/backlog-query";
import { resendMany } from "~server/queue/resend";

/** The address says what is to be sent, for the question as for the answer: `all`, or every `id`. */
function selectionOf(request: Request): number[] | "allFailed" {
  const params = new URL(request.url).searchParams;
  if (params.get("all") === "1") return "allFailed";
  return params
    .getAll("id")
    .flatMap((text) => parseId(text) ?? [])
    .slice(0, 1_000);
}

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const asked = new URL(args.request.url).searchParams.get("list");
  return {
    list: backlogKinds.find((kind) => kind === asked) ?? "failed",
    count: await countUnfinished(args.context.services, selectionOf(args.request)),
  };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  return resendMany(args.context.services, { actor, userIds: selectionOf(args.request) });
}

export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(queueTexts, (m) => ({ title: m.resendTitle, description: m.description }));

export default function Resend() {
  const m = useTexts(queueTexts);
  const { list, count } = useLoaderData<typeof loader>();
  const done = useAnswer<typeof action>();
  const busy = useInFlight();
  const back = (
    <ButtonLink to={`/admin/crm?list=${list}`} look="secondary">
      {m.back}
    </ButtonLink>
  );
  return (
    <Page width="text">
      <PageHeader title={m.resendTitle} />
      {done ? (
        <>
          <ResentAlert resent={done.resent} />
          <p>{back}</p>
        </>
      ) : count === 0 ? (
        <>
          <EmptyState title={m.nothingChosen.title}>{m.nothingChosen.text}</EmptyState>
          <p>{back}</p>
        </>
      ) : (
        <Card className="grid gap-5 p-5 sm:p-8">
          <p className="text-lg font-semibold">{m.confirmTitle(count)}</p>
          <p className="text-ink-soft">{m.confirmText}</p>
          {/* Without an action it is sent to the page's own address, which says what is confirmed. */}
          <PostForm className="flex flex-wrap gap-3">
            <Button type="submit">{busy ? <Spinner label={m.working} /> : m.confirm(count)}</Button>
            {back}
          </PostForm>
        </Card>
      )}
    </Page>
  );
}
