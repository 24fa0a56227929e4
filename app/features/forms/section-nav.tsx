import { Link } from "@remix-run/react";
import { formsTexts } from "~/features/forms/texts";
import { useTexts } from "~/i18n/locale";
import { type FormSection, formSections } from "~server/forms/draft-inputs";

/** The sections of a form's page, each at an address of its own. */
export function SectionNav({ current }: { current: FormSection }) {
  const m = useTexts(formsTexts);
  return (
    <nav aria-label={m.sectionsOf}>
      <ul className="flex flex-wrap gap-x-1 gap-y-2 border-b border-line">
        {formSections.map((section) => (
          <li key={section}>
            <Link
              to={`?section=${section}`}
              aria-current={section === current ? "page" : undefined}
              className="inline-flex min-h-11 items-center border-b-2 border-transparent px-3 text-ink-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {m.sections[section]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
