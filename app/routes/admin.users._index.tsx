import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Form, useLoaderData, useLocation, useNavigation } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Page } from "~/components/ui/page";
import { PageGone } from "~/components/ui/page-gone";
import { Pager } from "~/components/ui/pager";
import { Spinner } from "~/components/ui/spinner";
import { TextLink } from "~/components/ui/text-link";
import { actOnViews, type ViewsAnswer } from "~/features/saved-views/actions.server";
import { openViews } from "~/features/saved-views/opened.server";
import { viewsTexts } from "~/features/saved-views/texts";
import { ViewsBar } from "~/features/saved-views/views-bar";
import { BulkBar } from "~/features/users/bulk-bar";
import { FilterChips } from "~/features/users/filter-chips";
import { adminUsersTexts } from "~/features/users/list-texts";
import { UserFilters } from "~/features/users/user-filters";
import { UserTable } from "~/features/users/user-table";
import { useAnswer } from "~/hooks/use-answer";
import { useRememberList } from "~/hooks/use-left-list";
import { useTexts } from "~/i18n/locale";
import { pageMeta } from "~/page/page-meta";
import { readForm } from "~/page/public-form.server";
import { requirePageAdmin } from "~/page/session.server";
import { formName } from "~server/forms/form-name";
import { filterFields, parseUserQuery, type UserCursor, userSearch, wholeSearch } from "~server/users/filter";
import { countOfList, countUsers, listSources, listUsers } from "~server/users/list";

const path = "/admin/users";

/** The filter of an address as it is understood, without the page. */
const filterOf = (search: string): string => userSearch(parseUserQuery(new URLSearchParams(search)).filter);

export async function loader(args: LoaderFunctionArgs) {
  const { id: userId } = await requirePageAdmin(args);
  const { services } = args.context;
  const { search } = new URL(args.request.url);
  const params = new URLSearchParams(search);
  const { filter, cursor, ignored } = parseUserQuery(params);
  const opened = await openViews(services, {
    list: "users",
    userId,
    path,
    search,
    blank: wholeSearch,
    ignored,
    filterOf,
  });
  const [page, counted, sources] = await Promise.all([
    listUsers(services, { filter, cursor }),
    countUsers(services, filter),
    listSources(services),
  ]);
  const forms = services.forms.all().map((form) => ({ id: form.id, name: formName(form) }));
  const count = countOfList(counted, page, cursor === null);
  const typed = typedDays(params, ignored);
  return { filter, isFirst: cursor === null, ignored, typed, page, count, sources, forms, opened };
}

/** A day that was refused stays where it was typed, to be mended. */
const typedDays = (params: URLSearchParams, ignored: string[]): { from?: string; to?: string } =>
  Object.fromEntries(
    ["from", "to"].filter((name) => ignored.includes(name)).map((name) => [name, params.get(name) ?? ""]),
  );

export async function action(args: ActionFunctionArgs) {
  const actor = await requirePageAdmin(args);
  const query = filterOf(new URL(args.request.url).search);
  return actOnViews(args.context.services, { actor, list: "users", query, form: await readForm(args.request) });
}

export { showChanged as shouldRevalidate } from "~/page/changed-meanwhile";
export { keepPage as clientAction } from "~/page/lost-answer";

export const meta = pageMeta(adminUsersTexts, (m) => ({ title: m.title, description: m.description }));

export default function AdminUsers() {
  const m = useTexts(adminUsersTexts);
  const views = useTexts(viewsTexts);
  const { filter, ignored, typed, page, count, sources, forms, opened } = useLoaderData<typeof loader>();
  // A form of the page was sent to the address with Remix's own parameter.
  const address = useLocation().search.replace(/^\?index(?:&|$)/, "?");
  const answer = useAnswer<typeof action>() as ViewsAnswer | undefined;
  const { location } = useNavigation();
  const isLoading = location?.pathname === "/admin/users";
  useRememberList(address);
  const search = userSearch(filter);
  const found = count ? (count.more ? m.lead.more(count.count) : m.lead.exact(count.count)) : undefined;
  const { whole } = opened;
  const to = (cursor: UserCursor | null) => `/admin/users${userSearch(filter, cursor)}`;
  return (
    <Page width="wide">
      <div className="grid min-w-0 gap-3 lg:gap-1.5">
        <header className="flex flex-wrap items-center gap-x-4 gap-y-2 max-lg:justify-between">
          <h1 className="text-2xl font-semibold tracking-tight lg:text-lg">{m.title}</h1>
          <UserFilters filter={filter} sources={sources} forms={forms} typed={typed} />
          <ButtonLink
            to={`/admin/users/export.csv${search}`}
            reloadDocument
            look="secondary"
            size="sm"
            className="lg:min-h-8! print:hidden"
          >
            {m.exporting}
          </ButtonLink>
        </header>
        <ViewsBar {...{ list: "users", path, opened, filter: search }} answer={answer}>
          <FilterChips filter={filter} forms={forms} whole={whole} />
        </ViewsBar>
        <div aria-live="polite" className="grid gap-3 empty:hidden">
          {isLoading ? <Spinner label={m.loading} /> : null}
          {ignored.length > 0 ? (
            <Alert tone="wait">
              {opened.stale === null ? m.ignored(ignored.join(", ")) : views.stale(opened.stale, ignored.join(", "))}
            </Alert>
          ) : null}
          {page.incomplete ? <Alert tone="wait">{m[page.incomplete]}</Alert> : null}
        </div>
        {page.users.length > 0 ? (
          <Card className={isLoading ? "opacity-60" : ""}>
            {/* Rendered afresh with another filter or page: "all" and "this page" concern the people who are shown. */}
            <Form method="get" action="/admin/users/bulk" key={address}>
              {filterFields(filter).map(([name, value]) => (
                <input key={name} type="hidden" name={name} value={value} />
              ))}
              <BulkBar hasMore={Boolean(page.next || page.previous)} found={found} />
              <div className="border-t border-line">
                <UserTable users={page.users} forms={Object.fromEntries(forms.map(({ id, name }) => [id, name]))} />
              </div>
            </Form>
          </Card>
        ) : (
          <>
            {found ? (
              <p data-result className="text-sm text-ink-soft">
                {found}
              </p>
            ) : null}
            <Nobody />
          </>
        )}
        <Pager
          label={m.pages}
          previous={page.previous && { to: to(page.previous), label: m.previous }}
          next={page.next && { to: to(page.next), label: m.next }}
        />
      </div>
    </Page>
  );
}

function Nobody() {
  const m = useTexts(adminUsersTexts);
  const { filter, isFirst, opened } = useLoaderData<typeof loader>();
  const search = userSearch(filter);
  if (!isFirst) return <PageGone first={search ? path + search : opened.whole} />;
  if (search)
    return (
      <EmptyState title={m.empty.title} isAnswer>
        <p>{m.empty.text}</p>
        <TextLink to={opened.whole}>{m.empty.all}</TextLink>
      </EmptyState>
    );
  return <EmptyState title={m.none.title}>{m.none.text}</EmptyState>;
}
