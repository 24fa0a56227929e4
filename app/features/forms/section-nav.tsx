import { TabNav } from "~/components/ui/tab-nav";
import { formsTexts } from "~/features/forms/texts";
import { useTexts } from "~/i18n/locale";
import { type FormSection, formSections } from "~server/forms/draft-inputs";

/** The sections of a form's page. */
export function SectionNav({ current }: { current: FormSection }) {
  const m = useTexts(formsTexts);
  const tabs = formSections.map((section) => ({
    to: `?section=${section}`,
    label: m.sections[section],
    isCurrent: section === current,
  }));
  return <TabNav label={m.sectionsOf} tabs={tabs} />;
}
