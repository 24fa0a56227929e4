import "~/page/arrival";
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { AdminMenu } from "~/features/administration/admin-menu";
import { menuAttention } from "~/features/administration/attention.server";
import { CheckList } from "~/features/connection-check/check-list";
import {
  type ChosenUser,
  readChosenUser,
  readTestRun,
  type TestRunView,
} from "~/features/connection-check/read.server";
import { TestRun } from "~/features/connection-check/test-run";
import { connectionTexts } from "~/features/connection-check/texts";
import { PaymentStatus } from "~/features/payments/payment-status";
import { stateWait } from "~/features/users/state-wait";
import { UserInfo } from "~/features/users/user-info";
import { useAnswer } from "~/hooks/use-answer";
import { useLastAnswer } from "~/hooks/use-last-answer";
import { usePoll } from "~/hooks/use-poll";
import { useLocale, useTexts } from "~/i18n/locale";
import { sentId } from "~/page/page-id.server";
import { type PageHandle, pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { Bitrix24Error } from "~server/bitrix24/transport/error";
import { isReady } from "~server/connection-check/check-connection";
import { checkNow, recentCheck } from "~server/connection-check/recent-check";
import {
  listTestRegistrations,
  removeTestRegistration,
  startTestRegistration,
} from "~server/connection-check/test-registration";
import { requestLocale } from "~server/http/request-locale";
import { isAppError } from "~server/platform/errors";
import { parseSeenId } from "~server/platform/ids";
import { reasonOf } from "~server/queue/reasons";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const params = new URL(args.request.url).searchParams;
  const [attention, check, tests, run, chosen] = await Promise.all([
    menuAttention(args.context),
    recentCheck(services),
    listTestRegistrations(services),
    readTestRun(services, params.get("run")),
    readChosenUser(services, params.get("userId")),
  ]);
  const status = chosen.problem === null ? 200 : chosen.problem;
  return data({ attention, check, ready: check && isReady(check.checks), tests, run, chosen }, { status });
}

/** What the page says about the last form; `code` is the portal's. */
type Answer = { outcome: "removed" | "removeBusy" | "gone" } | { outcome: "removeRefused"; code: string };

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const { services } = args.context;
  const form = await readForm(args.request);
  switch (form.get("intent")) {
    case "check":
      await checkNow(services);
      return redirect("/bitrix24-test");
    case "start": {
      const locale = requestLocale(args.request);
      const { id } = await startTestRegistration(services, {
        actor,
        name: connectionTexts[locale].name,
        locale,
        seen: parseSeenId(form.get("seen")),
      });
      return redirect(`/bitrix24-test?run=${id}`);
    }
    case "remove":
      return data(...(await remove()));
    default:
      throw data(null, { status: 400 });
  }

  async function remove(): Promise<[Answer, { status: number }]> {
    try {
      await removeTestRegistration(services, { actor, userId: sentId(form.get("userId")) });
      return [{ outcome: "removed" }, { status: 200 }];
    } catch (error) {
      if (isAppError(error, "NOT_FOUND")) return [{ outcome: "gone" }, { status: 404 }];
      if (isAppError(error, "CONFLICT")) return [{ outcome: "removeBusy" }, { status: 409 }];
      if (error instanceof Bitrix24Error) return [{ outcome: "removeRefused", code: error.code }, { status: 409 }];
      throw error;
    }
  }
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(connectionTexts, (m) => ({ title: m.title, description: m.description }));

const waitOf = (run: TestRunView | null | undefined) => stateWait(run?.user);

export const handle: PageHandle = {
  Menu: AdminMenu,
  waits: (loaded) => waitOf((loaded as { run?: TestRunView | null } | undefined)?.run),
};

export default function ConnectionCheck() {
  const m = useTexts(connectionTexts);
  const { check, ready, tests, run, chosen } = useLoaderData<typeof loader>();
  const answer = useLastAnswer(useAnswer<typeof action>());
  usePoll(waitOf(run));
  return (
    <Page>
      <PageHeader title={m.title} lead={m.description} />
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.test}</h2>
        <p className="max-w-text text-ink-soft">{m.testText}</p>
        {answer ? <AnswerAlert answer={answer} /> : null}
        <PostForm action="/bitrix24-test" preventScrollReset>
          <input type="hidden" name="seen" value={tests[0]?.id ?? 0} />
          <Button type="submit" name="intent" value="start">
            {m.start}
          </Button>
        </PostForm>
        {run ? <TestRun {...run} /> : null}
        <Leftovers tests={tests.filter(({ id }) => id !== run?.user.id)} />
      </section>
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.checklist}</h2>
        {check === null ? (
          <Alert tone="bad">{m.slow}</Alert>
        ) : (
          <>
            <Alert tone={ready ? "good" : "bad"}>{ready ? m.ready : m.notReady}</Alert>
            <Card className="px-4 py-2 sm:px-8">
              <CheckList checks={check.checks} />
            </Card>
          </>
        )}
        <PostForm action="/bitrix24-test" preventScrollReset className="flex flex-wrap items-center gap-4">
          <Button type="submit" name="intent" value="check" look="secondary" size="sm">
            {m.again}
          </Button>
          {check ? (
            <span className="text-sm text-ink-soft">
              {m.checkedAt}: <DateTime value={check.checkedAt} />
            </span>
          ) : null}
        </PostForm>
      </section>
      <Chosen chosen={chosen} />
    </Page>
  );
}

function AnswerAlert({ answer }: { answer: Answer }) {
  const m = useTexts(connectionTexts);
  const locale = useLocale();
  if (answer.outcome !== "removeRefused")
    return <Alert tone={answer.outcome === "removed" ? "good" : "wait"}>{m[answer.outcome]}</Alert>;
  const { what, todo } = reasonOf(locale, { code: answer.code });
  return (
    <Alert tone="bad">
      {m.removeRefused} {what} {todo} ({answer.code})
    </Alert>
  );
}

function Leftovers({
  tests,
}: {
  tests: { id: number; createdAt: string; crmState: "PENDING" | "SYNCED" | "FAILED" }[];
}) {
  const m = useTexts(connectionTexts);
  if (tests.length === 0) return null;
  return (
    <div className="grid gap-1 text-sm">
      <h3 className="text-ink-soft">{m.earlier}</h3>
      <ul className="grid gap-1">
        {tests.map(({ id, createdAt, crmState }) => (
          <li key={id}>
            <TextLink to={`?run=${id}`}>{m.run(id)}</TextLink>, <DateTime value={createdAt} />, {m.states[crmState]}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Chosen({ chosen: { user, changeId, links, problem, asked } }: { chosen: ChosenUser }) {
  const m = useTexts(connectionTexts);
  return (
    <section className="grid gap-3" id="user">
      <h2 className="text-lg font-semibold">{m.user}</h2>
      <p className="text-ink-soft">{m.userText}</p>
      <Form method="get" action="/bitrix24-test" preventScrollReset className="flex flex-wrap items-end gap-3">
        <Field label={m.userId} name="userId" inputMode="numeric" defaultValue={asked} required />
        <Button type="submit" look="secondary">
          {m.show}
        </Button>
      </Form>
      {problem === null ? null : <Alert tone="bad">{m.noUser}</Alert>}
      {user ? (
        <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
          <Card className="px-4 py-4.5 sm:px-8">
            <UserInfo user={user} links={links} />
          </Card>
          <Card className="grid gap-4 p-4 sm:p-8">
            {/* The key: a refusal for one person is not shown for the next person. */}
            <PaymentStatus key={user.id} user={user} changeId={changeId} />
            <p className="text-sm">
              <TextLink to={`/admin/users/${user.id}`}>{m.card}</TextLink>
            </p>
          </Card>
        </div>
      ) : null}
    </section>
  );
}
