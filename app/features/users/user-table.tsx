import { Link } from "@remix-run/react";
import { Badge, type BadgeTone } from "~/components/ui/badge";
import { DateTime } from "~/components/ui/date-time";
import { adminUsersTexts } from "~/features/users/list-texts";
import { PhoneNumber } from "~/features/users/phone-number";
import { useTexts } from "~/i18n/locale";
import { fullName } from "~server/person/full-name";
import type { UserCrmState } from "~server/users/filter";
import type { UserRow } from "~server/users/list-sql";

const crmTones: Record<UserCrmState, BadgeTone> = { pending: "wait", synced: "plain", failed: "bad" };

/**
 * One below the other on a phone; in lines of 24 pixels where there is room, the least that a finger or a trembling hand
 * still hits (WCAG 2.5.8), so that thirty people fit on a laptop's screen. The line's height is set on its cells as well:
 * one that wraps would else push the box and the name out of their line, onto those of the next.
 */
const row =
  "grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 px-2 py-1.5 hover:bg-sunken sm:px-4 lg:h-6 lg:grid-cols-[1.5rem_minmax(0,4fr)_minmax(0,6fr)_7.5rem_minmax(0,2fr)_6rem_6.5rem_8rem] lg:grid-rows-[1.5rem] lg:items-center lg:gap-x-3 lg:px-2 lg:py-0 print:h-auto print:grid-cols-[minmax(0,3fr)_minmax(0,5fr)_7rem_minmax(0,1fr)_8rem_6.5rem_6.5rem] print:grid-rows-none print:items-baseline print:px-2 print:py-0.5";
const cell =
  "col-start-2 min-w-0 text-sm text-ink-soft lg:col-start-auto lg:truncate lg:text-xs print:col-start-auto print:text-xs";

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
    <ul aria-label={m.list} className="max-lg:divide-y max-lg:divide-line">
      {users.map((user) => {
        const name = fullName(user);
        const origin = [user.source, user.formId && forms[user.formId]].filter(Boolean).join(" · ");
        return (
          <li key={user.id} className={row}>
            <label className="grid size-11 cursor-pointer place-items-center max-lg:row-span-5 lg:size-6 print:hidden">
              <input
                type="checkbox"
                name="id"
                value={user.id}
                aria-label={m.selectOne(name)}
                className="size-5 cursor-pointer accent-accent lg:size-4"
              />
            </label>
            <Link
              to={`/admin/users/${user.id}`}
              className="col-start-2 line-clamp-2 print:col-start-auto print:text-xs print:no-underline w-fit max-w-full py-0.5 font-medium wrap-anywhere underline decoration-line underline-offset-4 hover:decoration-current lg:col-start-auto lg:block lg:truncate lg:py-0 lg:text-sm lg:leading-6"
            >
              {name}
            </Link>
            <p className={`${cell} wrap-anywhere`} title={user.email}>
              {user.email}
            </p>
            <p className={cell}>
              <PhoneNumber of={user} />
            </p>
            <p className={`${cell} ${origin ? "" : "max-lg:hidden print:block"}`} title={origin || undefined}>
              {origin}
            </p>
            <p className={cell}>
              <DateTime value={user.createdAt} dateOnly short />
            </p>
            <div className="col-start-2 flex flex-wrap gap-x-2 gap-y-1 py-1 lg:contents print:contents">
              <Badge tone={user.isPaid ? "good" : "plain"} look="line">
                {user.isPaid ? m.paid.yes : m.paid.no}
              </Badge>
              {user.isRegistration ? (
                <Badge tone={crmTones[user.crmState]} look="line">
                  {m.crm[user.crmState]}
                </Badge>
              ) : (
                <Badge tone="plain" look="line">
                  {m.notRegistered}
                </Badge>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
