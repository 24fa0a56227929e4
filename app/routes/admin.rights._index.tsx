import type { LoaderFunctionArgs } from "@remix-run/node";
import { Link, useLoaderData, useSearchParams } from "@remix-run/react";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { denseLink, denseList, denseRow } from "~/components/ui/dense-list";
import { Page, PageHeader } from "~/components/ui/page";
import { PageGone } from "~/components/ui/page-gone";
import { Pager } from "~/components/ui/pager";
import { ErasureList } from "~/features/privacy/erasure-list";
import { rightsTexts } from "~/features/privacy/rights-texts";
import { usePoll } from "~/hooks/use-poll";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { listErasures } from "~server/privacy/erasures";
import { listWithdrawn, parseWithdrawalCursor } from "~server/privacy/withdrawals";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const { searchParams } = new URL(args.request.url);
  const before = Date.parse(searchParams.get("before") ?? "");
  const [list, withdrawals] = await Promise.all([
    listErasures(services, { before: isStorable(before) ? new Date(before) : undefined }),
    listWithdrawn(services, { after: parseWithdrawalCursor(searchParams.get("withdrawn")) }),
  ]);
  return { ...list, withdrawals, withdrawnDays: services.env.RETAIN_WITHDRAWN_DAYS };
}

/** JavaScript knows years that PostgreSQL refuses. */
const isStorable = (time: number): boolean => time >= 0 && time < Date.UTC(10_000, 0);

export const meta = pageMeta(rightsTexts, (m) => ({ title: m.title, description: m.description }));

export default function Rights() {
  const m = useTexts(rightsTexts);
  const { erasures, next, withdrawals, withdrawnDays } = useLoaderData<typeof loader>();
  const { withdrawn } = withdrawals;
  const [params] = useSearchParams();
  /** The other list stays where it is. */
  const olderIn = (list: "withdrawn" | "before", cursor: string) => {
    const next = new URLSearchParams(params);
    next.set(list, cursor);
    return `/admin/rights?${next}`;
  };
  usePoll(erasures.some(({ state }) => state === "pending"));
  return (
    <Page>
      <PageHeader title={m.title} lead={m.description} />
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.withdrawn.title}</h2>
        <p className="text-ink-soft">{withdrawnDays > 0 ? m.withdrawn.after(withdrawnDays) : m.withdrawn.off}</p>
        {withdrawn.length === 0 && params.has("withdrawn") ? (
          <PageGone first="/admin/rights" />
        ) : withdrawn.length === 0 ? (
          <p>{m.withdrawn.none}</p>
        ) : (
          <Card>
            <ul className={denseList}>
              {withdrawn.map(({ userId, withdrawnAt }) => (
                <li key={userId} className={`${denseRow} lg:block`}>
                  <p>
                    <Link to={`/admin/users/${userId}`} className={denseLink}>
                      {m.person(userId)}
                    </Link>
                    , {m.withdrawn.since} <DateTime value={withdrawnAt} exact />
                  </p>
                </li>
              ))}
            </ul>
          </Card>
        )}
        <Pager
          label={m.withdrawn.title}
          previous={null}
          next={withdrawals.next ? { to: olderIn("withdrawn", withdrawals.next), label: m.withdrawn.older } : null}
        />
      </section>
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.erasures}</h2>
        {erasures.length === 0 ? (
          <p>{m.none}</p>
        ) : (
          <Card>
            <ErasureList erasures={erasures} />
          </Card>
        )}
        <Pager
          label={m.erasures}
          previous={null}
          next={next ? { to: olderIn("before", next), label: m.older } : null}
        />
      </section>
    </Page>
  );
}
