/** A portal's code within a sentence: it goes to the next line as a whole, and is divided only where it is longer than that. */
export const ErrorCode = ({ children }: { children: string }) => (
  <code className="inline-block max-w-full font-mono text-xs wrap-anywhere text-ink-soft" translate="no">
    {children}
  </code>
);
