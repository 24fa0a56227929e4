import { useEffect, useRef, useSyncExternalStore } from "react";
import { Button } from "~/components/ui/button";
import { TextLink } from "~/components/ui/text-link";
import { secondFactorTexts } from "~/features/second-factor/texts";
import { useTexts } from "~/i18n/locale";

const never = () => () => {};

/** New recovery codes, shown only once. */
export function RecoveryCodes({ codes, site, to }: { codes: string[]; site: string; to: string }) {
  const m = useTexts(secondFactorTexts).codes;
  const heading = useRef<HTMLHeadingElement>(null);
  // Needs a script; without one the browser's own menu prints.
  const canPrint = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  // The focus is on the form's button, and this appears above it.
  useEffect(() => heading.current?.focus(), []);
  const file = `${m.file(site)}\n\n${codes.join("\n")}\n`;
  return (
    <section className="grid gap-3 rounded-lg border-2 border-good bg-good-soft p-5 sm:p-8">
      <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold">
        {m.title}
      </h2>
      <p>{m.text}</p>
      <ul data-recovery-codes className="grid gap-x-8 gap-y-1 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <p className="flex flex-wrap items-center gap-4">
        <a
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(file)}`}
          download={m.fileName}
          className="text-accent underline underline-offset-4"
        >
          {m.download}
        </a>
        {canPrint ? (
          <Button type="button" look="secondary" size="sm" onClick={() => window.print()}>
            {m.print}
          </Button>
        ) : null}
      </p>
      <p>
        <TextLink to={to}>{m.saved}</TextLink>
      </p>
    </section>
  );
}
