import { NavLink } from "@remix-run/react";
import type { ReactNode } from "react";
import { SignOut } from "~/components/layout/sign-out";
import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";

export interface Viewer {
  role: "USER" | "ADMIN";
}

/** The header outside the administration: what a guest, a person and an administrator can reach. */
export function SiteHeader({ viewer, brand }: { viewer: Viewer | null; brand: ReactNode }) {
  const m = useTexts(siteTexts);
  return (
    <header className="border-b border-line bg-surface print:hidden">
      <div className="mx-auto flex max-w-wide flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-2 sm:px-6">
        {brand}
        <nav aria-label={m.navigation} className="-mx-2 flex flex-wrap items-center">
          {viewer ? (
            <>
              {viewer.role === "ADMIN" ? <MenuLink to="/admin">{m.adminNavigation}</MenuLink> : null}
              <MenuLink to="/account">{m.account}</MenuLink>
              <SignOut />
            </>
          ) : (
            <>
              <MenuLink to="/login">{m.signIn}</MenuLink>
              <MenuLink to="/register">{m.register}</MenuLink>
            </>
          )}
        </nav>
      </div>
    </header>
  );
}

function MenuLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <NavLink
      to={to}
      className="inline-flex min-h-11 items-center px-2 text-sm text-ink-soft decoration-2 underline-offset-8 hover:text-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:underline"
    >
      {children}
    </NavLink>
  );
}
