import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Button } from "~/components/ui/button";
import { CodeBlock } from "~/components/ui/code-block";
import { tokensTexts } from "~/features/api-tokens/texts";
import { useTexts } from "~/i18n/locale";

const never = () => () => {};

/** A new token, shown only once. */
export function SecretOnce({ name, token }: { name: string; token: string }) {
  const m = useTexts(tokensTexts);
  const heading = useRef<HTMLHeadingElement>(null);
  const [copied, setCopied] = useState(false);
  // Needs a script, and a page that came by https or from this machine.
  const canCopy = useSyncExternalStore(
    never,
    () => "clipboard" in navigator,
    () => false,
  );
  // The focus is on the form's button, and this appears above it.
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="grid gap-3 rounded-lg border-2 border-good bg-good-soft p-5 sm:p-8">
      <h2 ref={heading} tabIndex={-1} className="font-serif text-lg font-semibold wrap-anywhere">
        {m.made(name)}
      </h2>
      <p>{m.once}</p>
      <div data-token>
        <CodeBlock>{token}</CodeBlock>
      </div>
      {canCopy ? (
        <p>
          <Button
            type="button"
            look="secondary"
            size="sm"
            onClick={() => void navigator.clipboard.writeText(token).then(() => setCopied(true))}
          >
            {m.copy}
          </Button>{" "}
          <span role="status" className="text-sm">
            {copied ? m.copied : ""}
          </span>
        </p>
      ) : null}
    </section>
  );
}
