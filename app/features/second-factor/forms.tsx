import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import { DateTime } from "~/components/ui/date-time";
import { Field } from "~/components/ui/field";
import { PasswordField } from "~/components/ui/password-field";
import { PostForm } from "~/components/ui/post-form";
import { AsPerson } from "~/features/account/as-person";
import type { FactorAnswer } from "~/features/second-factor/actions.server";
import { QrCode } from "~/features/second-factor/qr-code";
import type { QrPath } from "~/features/second-factor/qr-path.server";
import { secondFactorTexts } from "~/features/second-factor/texts";
import { formatDuration } from "~/i18n/duration";
import { useLocale, useTexts } from "~/i18n/locale";
import type { SecondFactorView } from "~server/auth/second-factor/second-factor";

/** A six-digit code, or where `recovery` codes count as well, anything. */
export const codeInput = {
  name: "code",
  type: "text",
  autoComplete: "one-time-code",
  autoCapitalize: "none",
  spellCheck: false,
  required: true,
} as const;

export interface EnrolmentView {
  secret: string;
  sealed: string;
  picture: QrPath;
}

/** The picture to scan, and the form for the first code. */
export function EnrolmentForm({ enrolment, answer }: { enrolment: EnrolmentView; answer: FactorAnswer | undefined }) {
  const m = useTexts(secondFactorTexts).setUp;
  const own = answer?.intent === "enable" ? answer : undefined;
  return (
    <Card className="grid gap-5 p-5 sm:p-8">
      <h2 className="text-lg font-semibold">{m.title}</h2>
      {own?.refused === "stale" ? <Alert tone="bad">{m.stale}</Alert> : null}
      <p>{m.scan}</p>
      <QrCode {...enrolment.picture} label={m.picture} />
      <div className="grid gap-1.5">
        <p>{m.type}</p>
        <div data-secret>
          <CodeBlock>{enrolment.secret.replace(/(.{4})(?=.)/g, "$1 ")}</CodeBlock>
        </div>
      </div>
      <PostForm noValidate className="grid gap-5">
        <AsPerson />
        <input type="hidden" name="sealed" value={enrolment.sealed} />
        <Field {...codeInput} inputMode="numeric" label={m.code} problems={own?.problems.code} />
        <Button type="submit" name="intent" value="enable">
          {m.submit}
        </Button>
      </PostForm>
    </Card>
  );
}

/** What may be done about a second factor that is on; both forms ask for the password and a code. */
export function FactorForms({ factor, answer }: { factor: SecondFactorView; answer: FactorAnswer | undefined }) {
  const m = useTexts(secondFactorTexts).on;
  return (
    <>
      <p>
        {m.since} <DateTime value={factor.enabledAt} dateOnly /> · {m.left(factor.codesLeft)}
      </p>
      <ProofForm intent="codes" {...m.renew} answer={answer} />
      <ProofForm intent="disable" {...m.disable} answer={answer} />
    </>
  );
}

function ProofForm({
  intent,
  title,
  text,
  submit,
  answer,
}: {
  intent: "codes" | "disable";
  title: string;
  text: string;
  submit: string;
  answer: FactorAnswer | undefined;
}) {
  const { on: m, wait } = useTexts(secondFactorTexts);
  const locale = useLocale();
  const own = answer?.intent === intent ? answer : undefined;
  return (
    <Card className="grid gap-5 p-5 sm:p-8">
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="text-ink-soft">{text}</p>
      {own && own.wait !== null ? <Alert tone="bad">{wait(formatDuration(locale, own.wait))}</Alert> : null}
      <PostForm noValidate aria-label={title} className="grid gap-5">
        <AsPerson />
        <PasswordField label={m.password} problems={own?.problems.password} />
        <Field {...codeInput} label={m.code} problems={own?.problems.code} />
        <Button type="submit" name="intent" value={intent} look="secondary">
          {submit}
        </Button>
      </PostForm>
    </Card>
  );
}
