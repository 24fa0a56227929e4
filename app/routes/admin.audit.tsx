import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Field } from "~/components/ui/field";
import { Page, PageHeader } from "~/components/ui/page";
import { Pager } from "~/components/ui/pager";
import { SelectField } from "~/components/ui/select-field";
import { AuditList } from "~/features/audit/audit-list";
import { auditTexts } from "~/features/audit/texts";
import { actOnViews, type ViewsAnswer } from "~/features/saved-views/actions.server";
import { openViews } from "~/features/saved-views/opened.server";
import { viewsTexts } from "~/features/saved-views/texts";
import { ViewsBar } from "~/features/saved-views/views-bar";
import { useAnswer } from "~/hooks/use-answer";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { listAudit } from "~server/audit/audit";
import { auditActions } from "~server/audit/audit-actions";
import { type AuditQuery, actorKinds, auditFilters, auditSearch, parseAuditQuery } from "~server/audit/audit-query";

const path = "/admin/audit";

/** The filter of an address as it is understood, without the page. */
const filterOf = (search: string): string => auditSearch(parseAuditQuery(new URLSearchParams(search)));

export async function loader(args: LoaderFunctionArgs) {
  const { id: userId } = await requirePageAdmin(args);
  const { services } = args.context;
  const { search } = new URL(args.request.url);
  const query = parseAuditQuery(new URLSearchParams(search));
  const { ignored } = query;
  const opened = await openViews(services, { list: "audit", userId, path, search, blank: "?who=", ignored, filterOf });
  const { entries, next } = await listAudit(services, auditFilters(query));
  const names = await nameActors(
    services,
    entries.map(({ actor }) => actor),
  );
  return { query, entries, next, names, actions: auditActions, opened };
}

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const query = filterOf(new URL(args.request.url).search);
  return actOnViews(args.context.services, { actor, list: "audit", query, form: await readForm(args.request) });
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(auditTexts, (m) => ({ title: m.title, description: m.description }));

export default function AdminAudit() {
  const m = useTexts(auditTexts);
  const views = useTexts(viewsTexts);
  const { query, entries, next, names, actions, opened } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>() as ViewsAnswer | undefined;
  const search = auditSearch(query);
  const ignored = query.ignored.join(", ");
  const { whole } = opened;
  return (
    <Page width="wide">
      <PageHeader title={m.title} lead={m.description} />
      {/* The key lets the fields follow the address. */}
      <Filters key={search} query={query} actions={actions} whole={whole} />
      <ViewsBar {...{ list: "audit", path, opened, filter: search }} answer={answer} />
      <div className="grid min-w-0 gap-4">
        {ignored ? (
          <Alert tone="wait">{opened.stale === null ? m.ignored(ignored) : views.stale(opened.stale, ignored)}</Alert>
        ) : null}
        {entries.length > 0 ? (
          <Card>
            <p data-result className="sr-only">
              {m.shown(entries.length)}
            </p>
            <AuditList entries={entries} names={names} />
          </Card>
        ) : search || query.before ? (
          <EmptyState title={m.empty.title} isAnswer>
            {m.empty.text}
          </EmptyState>
        ) : (
          <EmptyState title={m.none.title}>{m.none.text}</EmptyState>
        )}
        <Pager
          label={m.pages}
          previous={query.before ? { to: search ? path + search : whole, label: m.newest } : null}
          next={next ? { to: `/admin/audit${auditSearch(query, next)}`, label: m.older } : null}
        />
      </div>
    </Page>
  );
}

function Filters({ query, actions, whole }: { query: AuditQuery; actions: readonly string[]; whole: string }) {
  const m = useTexts(auditTexts);
  const any = { value: "", label: m.any };
  return (
    <Form
      method="get"
      action="/admin/audit"
      role="search"
      aria-label={m.filter}
      className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-[1fr_1fr_2fr_1fr_auto]"
    >
      <SelectField
        label={m.who}
        name="who"
        defaultValue={query.who ?? ""}
        options={[any, ...actorKinds.map((value) => ({ value, label: m.kinds[value] }))]}
      />
      <Field label={m.id} hint={m.idHint} name="id" inputMode="numeric" defaultValue={query.id ?? ""} />
      <SelectField
        label={m.action}
        name="action"
        defaultValue={query.action ?? ""}
        options={[any, ...actions.map((value) => ({ value, label: m.actions[value] ?? value }))]}
      />
      <Field label={m.target} hint={m.targetHint} name="target" inputMode="numeric" defaultValue={query.target ?? ""} />
      {/* Beside the fields, whose labels stand above them. */}
      <div className="flex flex-wrap gap-3 max-lg:sm:col-span-2 lg:pt-[1.625rem]">
        <Button type="submit" look="secondary">
          {m.apply}
        </Button>
        {auditSearch(query) ? (
          <ButtonLink to={whole} look="quiet">
            {m.reset}
          </ButtonLink>
        ) : null}
      </div>
    </Form>
  );
}
