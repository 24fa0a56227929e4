import { useEffect, useRef } from "react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { TextLink } from "~/components/ui/text-link";
import { ConsentBox } from "~/features/registration/consent-box";
import { checkRegistration } from "~/features/registration/registration-check";
import { registerTexts } from "~/features/registration/texts";
import { FormWork } from "~/features/sign-ups/form-work";
import { useCheckedForm } from "~/hooks/use-checked-form";
import { useInFlight } from "~/hooks/use-single-submit";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { type AskedConsent, shownField } from "~server/consents/kinds";
import { type PersonField, personField, personFieldNames } from "~server/person/fields";
import { honeypotField, languageField, stampField, visitField } from "~server/registration/form-fields";
import type { FormReply } from "~server/registration/sent-form";

interface Props {
  /** The answer to the last attempt, if it was refused. */
  reply: FormReply | undefined;
  /** The address that this browser has proved to own, to begin with. */
  email: string | null;
  consents: AskedConsent[];
  /** Says, signed, which wordings of them the form shows. */
  shown: string;
  /** The guard's signed time. */
  stamp: string;
  /** Whether the browser is to work on the stamp. */
  work: boolean;
  /** Where the visitor came from, if another site's page shows the form: there are no cookies that know. */
  visit?: string | undefined;
}

/** Checked by the browser before it is sent, and by the server in any case; a plain form where there is no script. */
export function RegistrationForm({ reply, email, consents, shown, stamp, work, visit }: Props) {
  const m = useTexts(registerTexts);
  const locale = useLocale();
  const busy = useInFlight();
  const password = useRef<HTMLInputElement>(null);
  const { problems, props } = useCheckedForm(reply, (form) => checkRegistration(form, consents));
  const values: Record<string, string> = reply?.values ?? (email ? { email } : {});
  const inputOf = (name: string) => ({ name, defaultValue: values[name], problems: problems.fields[name] });
  // A refused password has to be typed again, with a script as without one.
  useEffect(() => {
    if (reply && password.current) password.current.value = "";
  }, [reply]);

  return (
    <PostForm {...props} className="grid gap-5">
      {problems.form.length > 0 ? (
        <Alert tone="bad">{problems.form.map((code) => problemText(locale, code)).join(" ")}</Alert>
      ) : null}
      {personFieldNames.map((name) => {
        const { kind, label, required, autoComplete } = personField(name);
        return (
          <Field
            key={name}
            {...inputOf(name)}
            type={inputTypes[kind]}
            label={label[locale]}
            hint={kind === "phone" ? m.phoneHint : undefined}
            note={required ? undefined : m.optional}
            autoComplete={autoComplete}
            required={required}
          />
        );
      })}
      <Field
        {...inputOf("password")}
        inputRef={password}
        label={m.password}
        hint={m.passwordHint}
        type="password"
        autoComplete="new-password"
        required
      />
      {consents.map((consent) => (
        <ConsentBox
          // With other words it is another consent: what was ticked before them is not agreed to.
          key={`${consent.key} ${consent.version}`}
          consent={consent}
          ticked={values[consent.field] === "on"}
          problems={problems.fields[consent.field]}
        />
      ))}
      <div hidden>
        <label>
          {m.trap} <input name={honeypotField} tabIndex={-1} autoComplete="off" />
        </label>
        <input type="hidden" name={stampField} value={stamp} />
        <input type="hidden" name={languageField} value={locale} />
        <input type="hidden" name={shownField} value={shown} />
        {visit ? <input type="hidden" name={visitField} value={visit} /> : null}
        {work ? <FormWork stamp={stamp} /> : null}
      </div>
      <Button type="submit">{busy ? <Spinner label={m.submitting} /> : m.submit}</Button>
      <p className="text-sm text-ink-soft">
        {m.haveAccount} <TextLink to="/login">{m.signIn}</TextLink>
      </p>
    </PostForm>
  );
}

const inputTypes: Record<PersonField["kind"], string> = { text: "text", email: "email", phone: "tel" };
