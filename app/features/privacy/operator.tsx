import { privacyTexts } from "~/features/privacy/texts";
import { useTexts } from "~/i18n/locale";
import type { OperatorView } from "~server/privacy/operator";

/** Whom to turn to. */
export function Operator({ operator: { name, address, email } }: { operator: OperatorView }) {
  const m = useTexts(privacyTexts);
  if (!name && !address && !email) return <p>{m.askYourContact}</p>;
  return (
    <address className="grid gap-1 not-italic">
      {name ? <span className="font-medium">{name}</span> : null}
      {address ? <span>{address}</span> : null}
      {email ? (
        <a href={`mailto:${email}`} className="w-fit text-accent underline underline-offset-4">
          {email}
        </a>
      ) : null}
    </address>
  );
}
