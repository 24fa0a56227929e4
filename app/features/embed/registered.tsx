import { useEffect, useRef } from "react";
import { ButtonLink } from "~/components/ui/button";
import { embedTexts } from "~/features/embed/texts";
import { useTexts } from "~/i18n/locale";

/**
 * The confirmation inside another site's page. The person is not signed in there: the account opens in a tab of its own,
 * which asks for the password.
 */
export function Registered({
  isKnown,
  address,
  text,
  confirms,
}: {
  /** The address was registered before, with other details or by another form: this one has registered nothing. */
  isKnown: boolean;
  /** Where the form's owner leads people afterwards; null: nowhere. */
  address: string | null;
  /** What becomes of the application, in the words of the form's owner or in ours. */
  text: string;
  /** A mail asks the person to confirm the address. */
  confirms: boolean;
}) {
  const m = useTexts(embedTexts);
  const heading = useRef<HTMLHeadingElement>(null);
  const onward = isKnown ? null : address;
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (onward) leaveFrame(onward);
  }, [onward]);
  return (
    <section className="grid gap-4">
      <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight focus:outline-none">
        {isKnown ? m.knownTitle : m.registered}
      </h1>
      {isKnown ? (
        <p>{m.known}</p>
      ) : (
        <>
          <p className="whitespace-pre-line wrap-anywhere">{text}</p>
          {confirms ? <p>{m.confirm}</p> : null}
        </>
      )}
      {onward ? (
        <p>
          <ButtonLink to={onward} target="_top">
            {m.onward}
          </ButtonLink>
        </p>
      ) : null}
      <p className="text-ink-soft">{m.account}</p>
      <p>
        <ButtonLink to="/account" target="_blank" look="secondary">
          {m.openAccount}
        </ButtonLink>
      </p>
    </section>
  );
}

/** Browsers allow it after a click inside the frame; where they do not, the link is there. */
function leaveFrame(address: string): void {
  try {
    if (window.top) window.top.location.href = address;
  } catch {}
}
