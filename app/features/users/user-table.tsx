import { Link } from "@remix-run/react";
import { Badge, type BadgeTone } from "~/components/ui/badge";
import { DateTime } from "~/components/ui/date-time";
import { isRegistration } from "~/features/users/is-registration";
import { adminUsersTexts } from "~/features/users/list-texts";
import { PhoneNumber } from "~/features/users/phone-number";
import { useTexts } from "~/i18n/locale";
import { fullName } from "~server/person/full-name";
import type { UserCrmState } from "~server/users/filter";
import type { UserRow } from "~server/users/list-sql";

const crmTones: Record<UserCrmState, BadgeTone> = { pending: "wait", synced: "plain", failed: "bad" };

/** One below the other on a phone, in columns where there is room. */
const row =
  "grid grid-cols-[auto_minmax(0,1fr)] items-start gap-x-3 px-3 py-2 sm:px-5 lg:grid-cols-[auto_minmax(0,1fr)_9rem_11rem_9rem_9.5rem]";

/** People, one below the other, each with a box to tick; part of the form that acts on the selected people. */
export function UserTable({
  users,
  forms,
}: {
  users: UserRow[];
  /** Names of forms, by id; the first form's is not shown. */
  forms: Record<number, string>;
}) {
  const m = useTexts(adminUsersTexts);
  return (
    <ul aria-label={m.list} className="divide-y divide-line">
      {users.map((user) => {
        const name = fullName(user);
        return (
          <li key={user.id} className={row}>
            <label className="grid size-11 cursor-pointer place-items-center">
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
                className="line-clamp-2 w-fit max-w-full font-medium wrap-anywhere underline decoration-line underline-offset-4 hover:decoration-current"
              >
                {name}
              </Link>
              <p className="text-sm wrap-anywhere text-ink-soft">{user.email}</p>
            </div>
            <p className="col-start-2 text-sm text-ink-soft lg:col-start-auto lg:py-2">
              <PhoneNumber of={user} />
            </p>
            <div className="col-start-2 text-sm text-ink-soft lg:col-start-auto lg:py-2">
              <DateTime value={user.createdAt} dateOnly />
              {user.source ? <span className="block truncate">{user.source}</span> : null}
              {user.formId && forms[user.formId] ? <span className="block truncate">{forms[user.formId]}</span> : null}
            </div>
            <div className="col-start-2 flex flex-wrap gap-x-2 gap-y-1 py-1 lg:contents">
              <span className="lg:py-1.5">
                <Badge tone={user.isPaid ? "good" : "plain"}>{user.isPaid ? m.paid.yes : m.paid.no}</Badge>
              </span>
              <span className="lg:py-1.5">
                {isRegistration(user) ? (
                  <Badge tone={crmTones[user.crmState]}>{m.crm[user.crmState]}</Badge>
                ) : (
                  <Badge tone="plain">{m.notRegistered}</Badge>
                )}
              </span>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
