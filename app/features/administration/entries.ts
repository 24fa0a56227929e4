import type { Attention } from "~server/statistics/attention";
import type { administrationTexts } from "./texts";

type Words = (typeof administrationTexts)["en"];

export interface Entry {
  name: keyof Words["entries"];
  to: string;
  /** What is counted beside the entry. */
  count?: keyof Attention;
}

interface Group {
  name: keyof Words["groups"];
  entries: Entry[];
}

/** The pages of the administration, by what an administrator comes for. */
export const groups: Group[] = [
  {
    name: "results",
    entries: [
      { name: "statistics", to: "/admin" },
      { name: "conversions", to: "/admin/conversions" },
    ],
  },
  {
    name: "registrations",
    entries: [
      { name: "users", to: "/admin/users" },
      { name: "review", to: "/admin/review", count: "review" },
      { name: "import", to: "/admin/import" },
      { name: "rights", to: "/admin/rights", count: "rights" },
    ],
  },
  {
    name: "portal",
    entries: [
      { name: "crm", to: "/admin/crm", count: "failed" },
      { name: "conflicts", to: "/admin/conflicts", count: "conflicts" },
      { name: "test", to: "/bitrix24-test" },
      { name: "portal", to: "/admin/portal" },
    ],
  },
  {
    name: "settings",
    entries: [
      { name: "settings", to: "/admin/settings" },
      { name: "forms", to: "/admin/settings/forms" },
      { name: "tokens", to: "/admin/tokens" },
      { name: "webhooks", to: "/admin/webhooks" },
      { name: "audit", to: "/admin/audit" },
    ],
  },
];

/** The entry that a page belongs to: the one with the longest address that the page's begins with. */
export function entryOf(pathname: string): Entry | undefined {
  const path = pathname.replace(/\/+$/, "");
  return groups
    .flatMap(({ entries }) => entries)
    .filter(({ to }) => path === to || path.startsWith(`${to}/`))
    .sort((one, next) => next.to.length - one.to.length)[0];
}
