import { Link } from "@remix-run/react";
import { SiteLogo } from "~/components/layout/site-logo";
import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import type { Logo } from "~server/platform/logo";

export interface BrandProps {
  name: string | null;
  logo: Logo | null;
}

/** The owner's logo or the site's name, which leads to the start page. */
export function SiteBrand({ name, logo }: BrandProps) {
  const m = useTexts(siteTexts);
  return (
    <Link to="/" className="flex min-h-11 items-center gap-2.5 text-lg font-semibold">
      {logo ? (
        <SiteLogo logo={logo} name={name ?? m.name} />
      ) : (
        <>
          <Mark />
          <span className="wrap-anywhere">{name ?? m.name}</span>
        </>
      )}
    </Link>
  );
}

/** Beside the name, where the owner has no logo: a ticket with a tick. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-7 shrink-0">
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
