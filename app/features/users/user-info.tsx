import type { ReactNode } from "react";
import { Badge } from "~/components/ui/badge";
import { DataList } from "~/components/ui/data-list";
import { DateTime } from "~/components/ui/date-time";
import { confirmationTexts } from "~/features/account/confirmation-texts";
import { accountTexts } from "~/features/account/texts";
import { PhoneNumber } from "~/features/users/phone-number";
import { useLocale, useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import type { ShownAnswer } from "~server/forms/answer-words";
import { type PersonFieldName, personFieldNames, type StoredPerson } from "~server/person/fields";
import { fullName } from "~server/person/full-name";
import { personHeader } from "~server/person/header";
import type { UserView } from "~server/users/users";

interface Props {
  user: StoredPerson &
    Pick<UserView, "emailConfirmedAt" | "createdAt" | "crmState" | "bitrix24ContactId" | "bitrix24DealId">;
  /** Whether it is worth saying that the e-mail is not confirmed. */
  asksForConfirmation?: boolean;
  /** What the person has answered to the form's own questions. */
  answers?: ShownAnswer[];
  /** The name of the form by which the person registered, where there are several. */
  form?: string | null;
  /** For administrators: with it the portal's ids are shown, each as a link where it has an address. */
  links?: { contact: string | null; deal: string | null };
}

/** Shown together, as one name. */
const isName = (field: string) => field === "firstName" || field === "lastName";

/** A person's data, and for administrators the ids under which Bitrix24 knows them. */
export function UserInfo({ user, asksForConfirmation = false, answers = [], form = null, links }: Props) {
  const m = useTexts(accountTexts).user;
  const locale = useLocale();
  const { badge } = useTexts(confirmationTexts);
  const { none } = useTexts(siteTexts);
  /** Of fields that are more than a text. */
  const shown: Partial<Record<PersonFieldName, ReactNode>> = {
    email: (
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {user.email}
        {user.emailConfirmedAt ? <Badge tone="good">{badge.yes}</Badge> : null}
        {!user.emailConfirmedAt && asksForConfirmation ? <Badge tone="wait">{badge.no}</Badge> : null}
      </span>
    ),
    phone: <PhoneNumber of={user} />,
  };
  const unknown = user.crmState === "pending" ? m.notYet : none;
  return (
    <DataList
      rows={[
        { name: m.name, value: fullName(user) },
        ...personFieldNames
          .filter((field) => !isName(field))
          .map((field) => ({
            name: personHeader(field)[locale],
            value: shown[field] ?? (user[field] || none),
          })),
        ...answers.map(({ label, text }) => ({
          name: label,
          value: <span className="whitespace-pre-line wrap-anywhere">{text}</span>,
        })),
        { name: m.registeredAt, value: <DateTime value={user.createdAt} exact /> },
        ...(form === null ? [] : [{ name: m.form, value: form }]),
        ...(links
          ? [
              {
                name: m.contact,
                value: <PortalId id={user.bitrix24ContactId} link={links.contact} unknown={unknown} />,
              },
              { name: m.deal, value: <PortalId id={user.bitrix24DealId} link={links.deal} unknown={unknown} /> },
            ]
          : []),
      ]}
    />
  );
}

function PortalId({ id, link, unknown }: { id: number | null; link: string | null; unknown: string }) {
  if (id === null) return <span className="text-ink-soft">{unknown}</span>;
  const label = <span className="tabular-nums">{id}</span>;
  return link ? (
    <a href={link} rel="noreferrer" className="text-accent underline underline-offset-4">
      {label}
    </a>
  ) : (
    label
  );
}
