import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { HeldList } from "~/features/sign-ups/held-list";
import { reviewTexts } from "~/features/sign-ups/texts";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { requirePasswordAgain } from "~/page/password-again.server";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { parseId } from "~server/platform/ids";
import { heldSince } from "~server/sign-ups/held";
import { discardHeld, holdNew, listHeld, releaseHeld } from "~server/sign-ups/review";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const [held, since] = await Promise.all([listHeld(services), heldSince(services)]);
  return { ...held, since };
}

/** What the page says about the last form. */
interface Answer {
  released: number | null;
  discarded: number | null;
  nobody: boolean;
}

const nothing: Answer = { released: null, discarded: null, nobody: false };

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { services, signUps } = args.context;
  const form = await readForm(args.request);
  const intent = form.get("intent");
  if (intent === "hold" || intent === "stop") {
    await holdNew(services, { actor, hold: intent === "hold" });
    signUps.refresh();
    return data<Answer>(nothing);
  }
  if (intent !== "release" && intent !== "discard") throw data(null, { status: 400 });
  const userIds = form.getAll(form.has("all") ? "shown" : "id").map((id) => {
    const parsed = parseId(id);
    if (parsed === null) throw data(null, { status: 400 });
    return parsed;
  });
  if (userIds.length === 0) return data<Answer>({ ...nothing, nobody: true }, { status: 400 });
  if (intent === "release")
    return data<Answer>({ ...nothing, released: await releaseHeld(services, { actor, userIds }) });
  await requirePasswordAgain(args, actor, form);
  return data<Answer>({ ...nothing, discarded: await discardHeld(services, { actor, userIds }) });
}

export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(reviewTexts, (m) => ({ title: m.title, description: m.description }));

export default function AdminReview() {
  const m = useTexts(reviewTexts);
  const { people, total, since } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>() ?? nothing;
  return (
    <Page>
      <PageHeader title={m.title} lead={m.description} />
      {answer.released ? <Alert tone="good">{m.released(answer.released)}</Alert> : null}
      {answer.discarded ? <Alert tone="good">{m.discarded(answer.discarded)}</Alert> : null}
      {answer.released === 0 || answer.discarded === 0 ? <Alert tone="wait">{m.decided}</Alert> : null}
      {answer.nobody ? <Alert tone="bad">{m.nobody}</Alert> : null}
      <Card className="grid gap-4 p-5 sm:p-8">
        <p>{since ? m.on : m.off}</p>
        <PostForm action="/admin/review">
          <Button type="submit" name="intent" value={since ? "stop" : "hold"} look="secondary">
            {since ? m.stop : m.start}
          </Button>
        </PostForm>
      </Card>
      {people.length > 0 ? (
        <section className="grid gap-3">
          <h2 className="text-lg font-semibold">{m.total(total)}</h2>
          <HeldList people={people} decided={answer.released === null && answer.discarded === null ? null : answer} />
        </section>
      ) : (
        <EmptyState title={m.none.title}>{m.none.text}</EmptyState>
      )}
    </Page>
  );
}
