import { useRef } from "react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Field, type FieldProps } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { TextLink } from "~/components/ui/text-link";
import { ConsentBox } from "~/features/registration/consent-box";
import { QuestionField } from "~/features/registration/question-field";
import { checkRegistration } from "~/features/registration/registration-check";
import { registerTexts } from "~/features/registration/texts";
import { FormWork } from "~/features/sign-ups/form-work";
import { useCheckedForm } from "~/hooks/use-checked-form";
import { useOnChange } from "~/hooks/use-on-change";
import { useInFlight } from "~/hooks/use-single-submit";
import { problemText } from "~/i18n/errors";
import { useLocale, useTexts } from "~/i18n/locale";
import { type AskedConsent, shownField } from "~server/consents/kinds";
import { answerField } from "~server/forms/questions";
import type { ShownField, ShownForm } from "~server/forms/shown-form";
import { type PersonField as PersonFieldKind, personField } from "~server/person/fields";
import { honeypotField, languageField, stampField, visitField } from "~server/registration/form-fields";
import type { FormReply } from "~server/registration/sent-form";

interface Props {
  form: ShownForm;
  /** What the page's address answers: by the hidden questions' keys. */
  hidden: Record<string, string>;
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
export function RegistrationForm(given: Props) {
  const { form: asked, hidden, reply, email, consents, shown, stamp, work, visit } = given;
  const m = useTexts(registerTexts);
  const locale = useLocale();
  const busy = useInFlight();
  const password = useRef<HTMLInputElement>(null);
  const { problems, props } = useCheckedForm(reply, (form) => checkRegistration(form, asked.items, consents));
  const values: Record<string, string> = reply?.values ?? (email ? { email } : {});
  const inputOf = (name: string) => ({ name, defaultValue: values[name], problems: problems.fields[name] });
  // A refused password has to be typed again, with a script as without one.
  useOnChange(reply, () => {
    if (reply && password.current) password.current.value = "";
  });

  return (
    <PostForm {...props} className="grid gap-5">
      {asked.offer ? (
        <p className="flex flex-wrap justify-between gap-x-5 border-b border-line pb-3">
          <span className="min-w-0 wrap-anywhere">{asked.offer.name}</span> <b>{asked.offer.price}</b>
        </p>
      ) : null}
      {problems.form.length > 0 ? (
        <Alert tone="bad">{problems.form.map((code) => problemText(locale, code)).join(" ")}</Alert>
      ) : null}
      {asked.items.map((item) => {
        if ("field" in item) return <PersonField key={item.field} item={item} input={inputOf(item.field)} />;
        const name = answerField(item.key);
        return (
          <QuestionField
            key={name}
            question={item}
            given={reply?.lists[name] ?? values[name] ?? hidden[item.key]}
            problems={problems.fields[name]}
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

function PersonField({
  item,
  input,
}: {
  item: ShownField;
  input: Pick<FieldProps, "name" | "defaultValue" | "problems">;
}) {
  const m = useTexts(registerTexts);
  const { kind, autoComplete } = personField(item.field);
  return (
    <Field
      {...input}
      type={inputTypes[kind]}
      label={item.label}
      hint={item.help || (kind === "phone" ? m.phoneHint : undefined)}
      note={item.required ? undefined : m.optional}
      autoComplete={autoComplete}
      required={item.required}
    />
  );
}

const inputTypes: Record<PersonFieldKind["kind"], string> = { text: "text", email: "email", phone: "tel" };
