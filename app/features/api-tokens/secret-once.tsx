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
  // The clipboard needs a script, and https or localhost.
  const canCopy = useSyncExternalStore(
    never,
    () => "clipboard" in navigator,
    () => false,
  );
  // Move the focus here: this appears above the form's button, which has it.
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
