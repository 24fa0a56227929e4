import { localPath } from "~server/platform/local-path";

/** The page on which the link to this download stands: with its filter, where the password is not given after all. */
export function pageBefore(to: string | null): string {
  const { pathname, search } = new URL(localPath(to, "/account"), "http://here.invalid");
  if (pathname === "/admin/users/export.csv") return `/admin/users${search}`;
  if (pathname.startsWith("/admin/conversions/")) return "/admin/conversions";
  return pathname.startsWith("/admin/") ? "/admin/users" : "/account";
}
