import { useTexts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";

/** Shows progress; announced to screen readers, and not animated if the reader prefers reduced motion. */
export function Spinner({ label }: { label?: string }) {
  const m = useTexts(siteTexts);
  return (
    <span role="status" className="inline-flex items-center gap-2">
      <span
        aria-hidden="true"
        className="size-4 rounded-full border-2 border-current border-r-transparent motion-safe:animate-spin"
      />
      <span>{label ?? m.working}</span>
    </span>
  );
}
