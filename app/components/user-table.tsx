import { Link } from "@remix-run/react";
import { adminUsersTexts } from "~/i18n/admin-users";
import { useTexts } from "~/i18n/locale";
import type { UserCrmState } from "~server/user-filter";
import type { UserRow } from "~server/user-select";
import { Badge, type BadgeTone } from "./badge";
import { DateTime } from "./date-time";

const crmTones: Record<UserCrmState, BadgeTone> = { pending: "wait", synced: "plain", failed: "bad" };

/** People, one below the other, each with a box to tick; stands in the form that does something with the ticked. */
export function UserTable({ users }: { users: UserRow[] }) {
  const m = useTexts(adminUsersTexts);
  return (
    <ul aria-label={m.list} className="divide-y divide-line">
      {users.map((user) => {
        const name = [user.firstName, user.lastName].filter(Boolean).join(" ");
        return (
          <li
            key={user.id}
            className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-x-3 px-3 py-2.5 sm:px-5 lg:grid-cols-[auto_minmax(0,3fr)_minmax(0,2fr)_minmax(0,3fr)]"
          >
            <label className="grid size-11 cursor-pointer place-items-center lg:row-auto">
              <input
                type="checkbox"
                name="id"
                value={user.id}
                aria-label={m.selectOne(name)}
                className="size-5 cursor-pointer accent-accent"
              />
            </label>
            <div className="min-w-0 py-1.5">
              <Link
                to={`/admin/users/${user.id}`}
                className="line-clamp-2 w-fit font-medium break-words underline decoration-line underline-offset-4 hover:decoration-current"
              >
                {name}
              </Link>
              <p className="text-sm break-words text-ink-soft">
                {user.email}
                <span aria-hidden="true"> · </span>
                <span className="whitespace-nowrap tabular-nums">{user.phone}</span>
              </p>
            </div>
            <p className="col-start-2 text-sm text-ink-soft lg:col-start-auto lg:py-2">
              <span className="lg:sr-only">{m.registered}: </span>
              <DateTime value={user.createdAt} dateOnly />
              {user.source ? <span className="block truncate">{user.source}</span> : null}
            </p>
            <div className="col-start-2 flex flex-wrap items-start gap-x-2 gap-y-1 py-1 lg:col-start-auto lg:justify-end">
              <Badge tone={user.isPaid ? "good" : "plain"}>{user.isPaid ? m.paid.yes : m.paid.no}</Badge>
              <Badge tone={crmTones[user.crmState]}>{m.crm[user.crmState]}</Badge>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
