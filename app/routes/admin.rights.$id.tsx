import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Card } from "~/components/ui/card";
import { Page, PageHeader } from "~/components/ui/page";
import { Pager } from "~/components/ui/pager";
import { TextLink } from "~/components/ui/text-link";
import { ErasureState } from "~/features/privacy/erasure-list";
import { ErasureRefused } from "~/features/privacy/erasure-refused";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { timelineTexts } from "~/features/timeline/texts";
import { Timeline } from "~/features/timeline/timeline";
import { useAnswer } from "~/hooks/use-answer";
import { useLastAnswer } from "~/hooks/use-last-answer";
import { usePoll } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";
import { pageId, throwAsPage } from "~/page/page-id.server";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { inSnapshot } from "~server/database/snapshot";
import { getErasure, retryErasure } from "~server/privacy/erasures";
import { parsePlace } from "~server/timeline/events";
import { readTimeline } from "~server/timeline/timeline";

/** What is left of an erased person. */
export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const id = pageId(args.params.id);
  const before = new URL(args.request.url).searchParams.get("before");
  const after = parsePlace(before) ?? undefined;
  const [erasure, { events, next }] = await inSnapshot(services.db, async (db) => [
    await getErasure({ db }, id),
    await readTimeline({ db }, id, { after }),
  ]);
  if (!erasure) throw data(null, { status: 404 });
  const names = await nameActors(
    services,
    events.flatMap(({ actor }) => actor ?? []),
  );
  return { erasure, events, next, isFirst: after === undefined, names };
}

/** Has the portal asked again: `intent` is `again`, or `delete` for what cannot be made anonymous there. */
export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const userId = pageId(args.params.id);
  const intent = (await readForm(args.request)).get("intent");
  if (intent !== "again" && intent !== "delete") throw data(null, { status: 400 });
  await retryErasure(args.context.services, { actor, userId, byDeleting: intent === "delete" }).catch(throwAsPage);
  return { started: true };
}

export { keepPage as clientAction } from "~/page/lost-answer";

export const meta: MetaFunction<typeof loader> = (args) =>
  pageMeta(rightsTexts, (m) => ({ title: m.erasedTitle(Number(args.params.id)) }))(args);

/** Of the person only the number is left: no one can tell a registration from an administrator made by the operator. */
const nobody = { isRegistration: null, form: null, source: null, consents: {} };

export default function Erased() {
  const m = useTexts(rightsTexts);
  const history = useTexts(timelineTexts);
  const { erasure, events, next, isFirst, names } = useLoaderData<typeof loader>();
  const page = `/admin/rights/${erasure.userId}`;
  const answer = useLastAnswer(useAnswer<typeof action>());
  usePoll(erasure.state === "pending");
  return (
    <Page width="text">
      <div className="grid gap-2">
        <p className="text-sm">
          <TextLink to="/admin/rights">{m.title}</TextLink>
        </p>
        <PageHeader title={m.erasedTitle(erasure.userId)} lead={m.erasedLead} />
      </div>
      <Card className="grid justify-items-start gap-3 p-5 sm:p-8">
        <div data-erasure={erasure.state} className="grid justify-items-start gap-2">
          <ErasureState erasure={erasure} />
        </div>
        <ErasureRefused erasure={erasure} hasStarted={answer !== undefined} />
        <p className="text-sm text-ink-soft">
          {m.causes[erasure.cause] ?? erasure.cause}, {m.modes[erasure.mode] ?? erasure.mode}
        </p>
      </Card>
      <section id="timeline" className="grid gap-3">
        <h2 className="text-lg font-semibold">{history.title}</h2>
        <Card className="grid gap-5 px-5 py-5 sm:px-8">
          <Timeline events={events} person={nobody} names={names} undoable={null} />
          <Pager
            label={history.title}
            previous={isFirst ? null : { to: `${page}#timeline`, label: history.newest }}
            next={next ? { to: `${page}?before=${next}#timeline`, label: history.older } : null}
          />
        </Card>
      </section>
    </Page>
  );
}
