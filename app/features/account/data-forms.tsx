import { type ReactNode, useState } from "react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { addressInput, Field } from "~/components/ui/field";
import { PasswordField } from "~/components/ui/password-field";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { AsPerson } from "~/features/account/as-person";
import { confirmationTexts } from "~/features/account/confirmation-texts";
import type { DataAnswer } from "~/features/account/data-actions.server";
import { dataTexts } from "~/features/account/data-texts";
import { passwordAgainTexts } from "~/features/password-again/texts";
import { fullPhone } from "~/features/users/phone-number";
import { formatDuration } from "~/i18n/duration";
import { useLocale, useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import {
  type PersonData,
  type PersonField,
  personField,
  personFieldNames,
  type StoredPerson,
} from "~server/person/fields";
import { shownColumns } from "~server/privacy/merge-details";

export function DataSection({ title, id, children }: { title: string; id: string; children: ReactNode }) {
  return (
    <section id={id} className="grid gap-3">
      <h2 className="text-lg font-semibold">{title}</h2>
      <Card className="grid gap-5 p-5 sm:p-8">{children}</Card>
    </section>
  );
}

/** Why a form changed nothing, where the reason is none of its fields. */
export function BeyondShare({ answer }: { answer: DataAnswer | undefined }) {
  const m = useTexts(dataTexts);
  return answer?.problems.share ? <Alert tone="bad">{m.share}</Alert> : null;
}

/** When another password is looked at, after too many wrong ones. */
export function PasswordWait({ answer }: { answer: DataAnswer | undefined }) {
  const m = useTexts(passwordAgainTexts);
  const locale = useLocale();
  if (!answer || answer.wait === null) return null;
  return <Alert tone="bad">{m.wait(formatDuration(locale, answer.wait))}</Alert>;
}

const detailNames = personFieldNames.filter((name) => name !== "email");
const inputTypes: Record<PersonField["kind"], string> = { text: "text", email: "email", phone: "tel" };

/**
 * Name, company and phone; the e-mail has a form of its own. The phone is shown with its extension: a form that is sent
 * as it was shown changes nothing. What it showed is sent along, so that another's change of what was not touched stays.
 */
export function DetailsForm({
  user,
  answer,
  onInput,
}: {
  user: StoredPerson;
  answer: DataAnswer | undefined;
  onInput: () => void;
}) {
  const m = useTexts(dataTexts).details;
  const { phoneExtension: words } = useTexts(siteTexts);
  const locale = useLocale();
  const own = answer?.intent === "details" ? answer : undefined;
  // What is stored may change while something is typed: the inputs still show this.
  const [shown] = useState(user);
  const stored: PersonData = { ...user, phone: fullPhone(user, words) };
  const isOvertaken = own !== undefined && own.overtaken.length > 0;
  const isSaved = own && !isOvertaken && Object.keys(own.problems).length === 0;
  return (
    <PostForm noValidate onInput={onInput} className="grid gap-5">
      {isSaved ? <Alert tone="good">{m.saved}</Alert> : null}
      {isOvertaken ? <Alert tone="bad">{m.overtaken}</Alert> : null}
      <BeyondShare answer={own} />
      {detailNames.map((name) => {
        const { kind, label, required, autoComplete } = personField(name);
        return (
          <Field
            key={name}
            name={name}
            label={label[locale]}
            type={inputTypes[kind]}
            autoComplete={autoComplete}
            required={required}
            defaultValue={own?.values[name] ?? stored[name] ?? ""}
            problems={own?.problems[name]}
            said={own?.overtaken.includes(name) ? m.now(stored[name] ?? "") : undefined}
          />
        );
      })}
      {shownColumns.map((name) => (
        <input key={name} type="hidden" name={`shown.${name}`} value={own?.shown?.[name] ?? shown[name] ?? ""} />
      ))}
      <AsPerson />
      <Button type="submit" name="intent" value="details">
        {m.submit}
      </Button>
    </PostForm>
  );
}

/** `isOwn`: the person whose e-mail it is fills it in, and not an administrator. */
export function EmailForm({ answer, isOwn }: { answer: DataAnswer | undefined; isOwn: boolean }) {
  const m = useTexts(dataTexts).email;
  const confirmation = useTexts(confirmationTexts);
  const own = answer?.intent === "email" ? answer : undefined;
  return (
    <PostForm noValidate className="grid gap-5">
      <p className="text-ink-soft">{isOwn ? m.text : m.textForPerson}</p>
      {own?.email ? (
        <Alert tone={own.email === "asked" || own.email === "changed" || own.email === "kept" ? "good" : "bad"}>
          {isOwn || own.email === "taken" ? m[own.email] : m.forPerson[own.email]}
          {isOwn && own.email === "asked" ? (
            <>
              {" "}
              <TextLink to="/account/confirm">{confirmation.noticeAction}</TextLink>
            </>
          ) : null}
        </Alert>
      ) : null}
      <BeyondShare answer={own} />
      <Field
        {...addressInput}
        name="email"
        label={m.label}
        autoComplete="email"
        required
        defaultValue={own?.email === "asked" ? "" : own?.values.email}
        problems={own?.problems.email}
      />
      <AsPerson />
      <Button type="submit" name="intent" value="email">
        {m.submit}
      </Button>
    </PostForm>
  );
}

export function PasswordForm({ email, answer }: { email: string; answer: DataAnswer | undefined }) {
  const m = useTexts(dataTexts).password;
  const own = answer?.intent === "password" ? answer : undefined;
  const isDone = own && own.wait === null && Object.keys(own.problems).length === 0;
  return (
    <PostForm noValidate className="grid gap-5">
      <p className="text-ink-soft">{m.text}</p>
      {isDone ? <Alert tone="good">{m.done}</Alert> : null}
      <BeyondShare answer={own} />
      <PasswordWait answer={own} />
      {/* For password managers, which would otherwise save the password without a user name. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <PasswordField name="current" label={m.current} problems={own?.problems.current} />
      <Field
        name="next"
        label={m.next}
        type="password"
        autoComplete="new-password"
        required
        problems={own?.problems.next}
      />
      <AsPerson />
      <Button type="submit" name="intent" value="password">
        {m.submit}
      </Button>
    </PostForm>
  );
}
