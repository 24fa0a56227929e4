/** Code that wraps instead of scrolling: nothing is hidden on a narrow screen, and no keyboard scrolling is needed. */
export function CodeBlock({ children }: { children: string }) {
  return (
    <pre className="rounded-md bg-sunken px-4 py-3 font-mono text-sm wrap-anywhere whitespace-pre-wrap" translate="no">
      <code>{children}</code>
    </pre>
  );
}
