import { CheckboxField } from "~/components/ui/field";
import { TextLink } from "~/components/ui/text-link";
import { registerTexts } from "~/features/registration/texts";
import { useTexts } from "~/i18n/locale";
import type { AskedConsent } from "~server/consents/kinds";

interface Props {
  consent: Pick<AskedConsent, "field" | "label" | "text" | "required">;
  ticked?: boolean;
  problems?: string[] | undefined;
  /** Whether the text is shown at once. */
  opened?: boolean;
}

/** A consent as the form asks for it: a box of its own, with its text below. Never ticked beforehand. */
export function ConsentBox({
  consent: { field, label, text, required },
  ticked = false,
  problems,
  opened = false,
}: Props) {
  const m = useTexts(registerTexts);
  return (
    <CheckboxField
      name={field}
      defaultChecked={ticked}
      problems={problems}
      label={label}
      note={required ? undefined : m.optional}
      required={required}
    >
      <details open={opened} className="text-sm text-ink-soft">
        <summary className="w-fit text-accent underline decoration-1 underline-offset-4">{m.consentMore}</summary>
        <div className="mt-2 grid gap-2 border-l-2 border-line pl-3">
          {text.map((paragraph, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs never move, and two may be alike.
            <p key={at} className="wrap-anywhere">
              {paragraph}
            </p>
          ))}
          <p>
            <TextLink to="/privacy">{m.privacyLink}</TextLink>
          </p>
        </div>
      </details>
    </CheckboxField>
  );
}
