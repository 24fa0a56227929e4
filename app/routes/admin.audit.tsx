import type { LoaderFunctionArgs } from "@remix-run/node";
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
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { requirePageAdmin } from "~/page/session.server";
import { nameActors } from "~server/audit/actor-names";
import { listAudit } from "~server/audit/audit";
import { auditActions } from "~server/audit/audit-actions";
import { type AuditQuery, actorKinds, auditFilters, auditSearch, parseAuditQuery } from "~server/audit/audit-query";

export async function loader(args: LoaderFunctionArgs) {
  await requirePageAdmin(args);
  const { services } = args.context;
  const query = parseAuditQuery(new URL(args.request.url).searchParams);
  const { entries, next } = await listAudit(services, auditFilters(query));
  const names = await nameActors(
    services,
    entries.map(({ actor }) => actor),
  );
  return { query, entries, next, names, actions: auditActions };
}

export const meta = pageMeta(auditTexts, (m) => ({ title: m.title, description: m.description }));

export default function AdminAudit() {
  const m = useTexts(auditTexts);
  const { query, entries, next, names, actions } = useLoaderData<typeof loader>();
  const search = auditSearch(query);
  return (
    <Page width="wide">
      <PageHeader title={m.title} lead={m.description} />
      {/* The key lets the fields follow the address. */}
      <Filters key={search} query={query} actions={actions} />
      <div className="grid min-w-0 gap-4">
        {query.ignored.length > 0 ? <Alert tone="wait">{m.ignored(query.ignored.join(", "))}</Alert> : null}
        {entries.length > 0 ? (
          <Card>
            <AuditList entries={entries} names={names} />
          </Card>
        ) : search || query.before ? (
          <EmptyState title={m.empty.title}>{m.empty.text}</EmptyState>
        ) : (
          <EmptyState title={m.none.title}>{m.none.text}</EmptyState>
        )}
        <Pager
          label={m.pages}
          previous={query.before ? { to: `/admin/audit${search}`, label: m.newest } : null}
          next={next ? { to: `/admin/audit${auditSearch(query, next)}`, label: m.older } : null}
        />
      </div>
    </Page>
  );
}

function Filters({ query, actions }: { query: AuditQuery; actions: readonly string[] }) {
  const m = useTexts(auditTexts);
  const any = { value: "", label: m.any };
  return (
    <Form
      method="get"
      action="/admin/audit"
      role="search"
      aria-label={m.filter}
      className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-4"
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
      <div className="flex flex-wrap gap-3 sm:col-span-2 lg:col-span-4">
        <Button type="submit" look="secondary">
          {m.apply}
        </Button>
        {auditSearch(query) ? (
          <ButtonLink to="/admin/audit" look="quiet">
            {m.reset}
          </ButtonLink>
        ) : null}
      </div>
    </Form>
  );
}
