import { Link, NavLink } from "@remix-run/react";
import type { ReactNode } from "react";
import { SiteLogo } from "~/components/layout/site-logo";
import { PostForm } from "~/components/ui/post-form";
import { useInFlight } from "~/hooks/use-single-submit";
import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import type { Logo } from "~server/platform/logo";

export interface Viewer {
  role: "USER" | "ADMIN";
}

/** The menu: what a guest, a person and an administrator can reach. */
export function SiteHeader({ viewer, name, logo }: { viewer: Viewer | null; name: string | null; logo: Logo | null }) {
  const m = useTexts(siteTexts);
  const inFlight = useInFlight();
  return (
    <header className="border-b border-line bg-surface">
      <div className="mx-auto flex max-w-wide flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-2 sm:px-6">
        <Link to="/" className="flex min-h-11 items-center gap-2.5 font-serif text-lg font-semibold">
          {logo ? (
            <SiteLogo logo={logo} name={name ?? m.name} />
          ) : (
            <>
              <Mark />
              <span className="wrap-anywhere">{name ?? m.name}</span>
            </>
          )}
        </Link>
        <nav aria-label={m.navigation} className="-mx-2 flex flex-wrap items-center">
          {viewer ? (
            <>
              <MenuLink to="/account">{m.account}</MenuLink>
              <PostForm action="/logout">
                <button
                  type="submit"
                  aria-disabled={inFlight || undefined}
                  className="min-h-11 cursor-pointer px-2 text-sm text-ink-soft hover:text-ink"
                >
                  {m.signOut}
                </button>
              </PostForm>
            </>
          ) : (
            <>
              <MenuLink to="/login">{m.signIn}</MenuLink>
              <MenuLink to="/register">{m.register}</MenuLink>
            </>
          )}
        </nav>
      </div>
      {viewer?.role === "ADMIN" ? <AdminMenu /> : null}
    </header>
  );
}

function AdminMenu() {
  const m = useTexts(siteTexts);
  return (
    <nav aria-label={m.adminNavigation} className="border-t border-line bg-sunken">
      <div className="mx-auto flex max-w-wide flex-wrap px-2 sm:px-4">
        <MenuLink to="/admin" end>
          {m.admin.statistics}
        </MenuLink>
        <MenuLink to="/admin/users">{m.admin.users}</MenuLink>
        <MenuLink to="/admin/review">{m.admin.review}</MenuLink>
        <MenuLink to="/admin/import">{m.admin.import}</MenuLink>
        <MenuLink to="/admin/crm">{m.admin.crm}</MenuLink>
        <MenuLink to="/admin/conflicts">{m.admin.conflicts}</MenuLink>
        <MenuLink to="/admin/rights">{m.admin.rights}</MenuLink>
        <MenuLink to="/admin/audit">{m.admin.audit}</MenuLink>
        <MenuLink to="/admin/tokens">{m.admin.tokens}</MenuLink>
        <MenuLink to="/admin/webhooks">{m.admin.webhooks}</MenuLink>
        <MenuLink to="/admin/settings">{m.admin.settings}</MenuLink>
        <MenuLink to="/bitrix24-test">{m.admin.test}</MenuLink>
      </div>
    </nav>
  );
}

function MenuLink({ to, end = false, children }: { to: string; end?: boolean; children: ReactNode }) {
  return (
    <NavLink
      to={to}
      end={end}
      className="inline-flex min-h-11 items-center px-2 text-sm text-ink-soft decoration-2 underline-offset-8 hover:text-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:underline"
    >
      {children}
    </NavLink>
  );
}

/** Beside the name, where the owner has no logo: a ticket with a tick. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-7">
      <path
        className="fill-accent"
        d="M5 4h22a2 2 0 0 1 2 2v6.5a3.5 3.5 0 0 0 0 7V26a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-6.5a3.5 3.5 0 0 0 0-7V6a2 2 0 0 1 2-2Z"
      />
      <path
        className="fill-none stroke-accent-on"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
        d="m10.5 16.5 4 4 7.5-9"
      />
    </svg>
  );
}
