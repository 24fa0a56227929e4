import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Button } from "~/components/ui/button";
import { CodeBlock } from "~/components/ui/code-block";

const never = () => () => {};

export interface SecretTexts {
  title: string;
  once: string;
  copy: string;
  copied: string;
}

/** A new secret, such as a token, shown only once. */
export function SecretOnce({ secret, texts: m }: { secret: string; texts: SecretTexts }) {
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
      <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold wrap-anywhere">
        {m.title}
      </h2>
      <p>{m.once}</p>
      <div data-token>
        <CodeBlock>{secret}</CodeBlock>
      </div>
      {canCopy ? (
        <p>
          <Button
            type="button"
            look="secondary"
            size="sm"
            onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}
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
