import type { ReactNode } from "react";
import { type ConsentGroup, ConsentList } from "~/features/account/consent-list";
import type { DataAnswer } from "~/features/account/data-actions.server";
import { DataSection, DetailsForm, EmailForm, PasswordForm } from "~/features/account/data-forms";
import { dataTexts } from "~/features/account/data-texts";
import { useUntouchedKey } from "~/hooks/use-form-key";
import { useTexts } from "~/i18n/locale";
import type { AskedConsent } from "~server/consents/kinds";
import type { ConsentView } from "~server/privacy/consents";
import { shownColumns } from "~server/privacy/merge-details";
import type { UserView } from "~server/users/users";

interface Words {
  title: string;
  text: string;
}

interface Props {
  user: UserView;
  consents: ConsentView[];
  answer: DataAnswer | undefined;
  copy: Words & { label: string; href: string };
  /** Shown behind the forms that change details: how far the CRM has followed. */
  correction: ReactNode;
  /** The person acts, and not an administrator for them. Only the person may change the password. */
  isOwn: boolean;
  /** The person is another administrator, whose e-mail this administrator may not change. */
  isEmailShut?: boolean;
  /** `act`: what can be done about each kind. */
  consent: { title: string; before: ReactNode; asked: AskedConsent[]; act: (group: ConsentGroup) => ReactNode };
  erase: { title: string; content: ReactNode };
}

/**
 * The actions on a person's data, by the person or by an administrator for them: the same sections in the same order.
 */
export function RightsSections({
  user,
  consents,
  answer,
  copy,
  correction,
  isOwn,
  isEmailShut,
  consent,
  erase,
}: Props) {
  const m = useTexts(dataTexts);
  // The registration's state and the payment, which change by themselves, are none of what the form shows.
  const { formKey, onInput } = useUntouchedKey(
    JSON.stringify(shownColumns.map((name) => user[name])),
    answer?.intent === "details" ? answer : undefined,
  );
  return (
    <>
      <DataSection id="download" title={copy.title}>
        <p>{copy.text}</p>
        <p>
          <a href={copy.href} download className="text-accent underline underline-offset-4">
            {copy.label}
          </a>
        </p>
      </DataSection>
      <DataSection id="correct" title={m.details.title}>
        <DetailsForm key={formKey} onInput={onInput} user={user} answer={answer} />
        {correction}
      </DataSection>
      <DataSection id="email" title={isOwn ? m.email.title : m.email.titleForPerson}>
        {isEmailShut ? <p>{m.email.shut}</p> : <EmailForm answer={answer} isOwn={isOwn} />}
      </DataSection>
      {isOwn ? (
        <DataSection id="password" title={m.password.title}>
          <PasswordForm email={user.email} answer={answer} />
        </DataSection>
      ) : null}
      <DataSection id="consent" title={consent.title}>
        {consent.before}
        <ConsentList consents={consents} asked={consent.asked} act={consent.act} />
      </DataSection>
      <DataSection id="erase" title={erase.title}>
        {erase.content}
      </DataSection>
    </>
  );
}
