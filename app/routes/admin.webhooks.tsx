import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { SecretOnce } from "~/components/ui/secret-once";
import { TextLink } from "~/components/ui/text-link";
import { actOnWebhook, type Done } from "~/features/webhooks/act-on-webhook.server";
import { DeliveryLog } from "~/features/webhooks/delivery-log";
import { webhooksTexts } from "~/features/webhooks/texts";
import { WebhookForm } from "~/features/webhooks/webhook-form";
import { WebhookList } from "~/features/webhooks/webhook-list";
import { type RefusedWebhook, readWebhookRequest } from "~/features/webhooks/webhook-request.server";
import { useAnswer } from "~/hooks/use-answer";
import { useLastAnswer, useShownOnce } from "~/hooks/use-last-answer";
import { usePoll } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { requirePasswordAgain } from "~/page/password-again.server";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { isAppError } from "~server/platform/errors";
import { createWebhook, listDeliveries, listWebhooks } from "~server/webhooks/webhooks";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const [webhooks, deliveries] = await Promise.all([listWebhooks(services), listDeliveries(services)]);
  const asked = Number(new URL(args.request.url).searchParams.get("remove"));
  return {
    webhooks,
    deliveries,
    asked: webhooks.find(({ id }) => id === asked) ?? null,
    names: await nameActors(
      services,
      webhooks.map(({ createdById }) => ({ kind: "USER", id: createdById })),
    ),
  };
}

/** What the page says about the last form. */
interface Answer {
  refused: RefusedWebhook | null;
  made: { id: number; secret: string } | null;
  done: Done | null;
  /** What the form was about is not there any more. */
  isGone: boolean;
}

const nothing: Answer = { refused: null, made: null, done: null, isGone: false };

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { services } = args.context;
  const form = await readForm(args.request);
  // What happens to people leaves the site by it from now on, as by a new one.
  if (form.has("on")) await requirePasswordAgain(args, actor, form);
  const acted = await actOnWebhook(services, { actor, form });
  if (acted) return data<Answer>({ ...nothing, ...acted }, { status: acted.isGone ? 404 : 200 });
  const read = readWebhookRequest(form, { internalHosts: services.env.WEBHOOK_INTERNAL_HOSTS });
  if (!read) throw data(null, { status: 400 });
  if ("refused" in read) return data<Answer>({ ...nothing, refused: read.refused }, { status: 400 });
  await requirePasswordAgain(args, actor, form);
  try {
    const { id, secret } = await createWebhook(services, { actor, ...read.asked });
    return data<Answer>({ ...nothing, made: { id, secret } });
  } catch (error) {
    if (!isAppError(error, "CONFLICT")) throw error;
    return data<Answer>({ ...nothing, refused: { ...read.asked, problem: "many" } }, { status: 409 });
  }
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(webhooksTexts, (m) => ({ title: m.title, description: m.description }));

export default function AdminWebhooks() {
  const m = useTexts(webhooksTexts);
  const { webhooks, deliveries, asked, names } = useLoaderData<typeof loader>();
  const answered = useAnswer<typeof action>();
  const answer = useLastAnswer(answered) ?? nothing;
  const made = useShownOnce(answered?.made ?? undefined);
  const madeOf = webhooks.find(({ id }) => id === made?.id);
  usePoll(deliveries.some(({ state, attempts, isOff }) => state === "pending" && attempts === 0 && !isOff));
  return (
    <Page>
      <PageHeader title={m.title} lead={m.description} />
      {made && madeOf ? (
        <SecretOnce key={made.id} secret={made.secret} texts={{ ...m.secret, title: m.made(madeOf.url) }} />
      ) : null}
      {answer.isGone ? <Alert tone="bad">{m.gone}</Alert> : null}
      {answer.done ? <Alert tone="good">{m.done[answer.done]}</Alert> : null}
      {asked ? <Question url={asked.url} id={asked.id} /> : null}
      <Card className="p-5 sm:p-8">
        <WebhookForm key={made?.id} refused={answer.refused} seen={webhooks.at(-1)?.id ?? 0} />
      </Card>
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.list}</h2>
        {webhooks.length > 0 ? (
          <Card>
            <WebhookList webhooks={webhooks} names={names} />
          </Card>
        ) : (
          <EmptyState title={m.none.title}>{m.none.text}</EmptyState>
        )}
      </section>
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.log}</h2>
        {deliveries.length > 0 ? (
          <>
            <p>
              <TextLink to="/admin/webhooks">{m.refresh}</TextLink>
            </p>
            <Card>
              <DeliveryLog deliveries={deliveries} />
            </Card>
          </>
        ) : (
          <EmptyState title={m.empty.title}>{m.empty.text}</EmptyState>
        )}
      </section>
    </Page>
  );
}

function Question({ url, id }: { url: string; id: number }) {
  const m = useTexts(webhooksTexts);
  return (
    <Card className="grid gap-4 p-5 sm:p-8">
      <h2 data-question className="text-lg font-semibold">
        {m.question}
      </h2>
      <p className="wrap-anywhere" translate="no">
        {url}
      </p>
      <p className="text-ink-soft">{m.consequence}</p>
      <PostForm action="/admin/webhooks" className="flex flex-wrap gap-3">
        <Button type="submit" name="remove" value={id}>
          {m.confirm}
        </Button>
        <ButtonLink to="/admin/webhooks" look="secondary">
          {m.cancel}
        </ButtonLink>
      </PostForm>
    </Card>
  );
}
