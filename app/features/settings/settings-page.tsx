import type { ReactNode } from "react";
import { Page, PageHeader } from "~/components/ui/page";
import { TabNav } from "~/components/ui/tab-nav";
import { consentsTexts } from "~/features/consents/texts";
import { type SettingsPlace, settingsPages } from "~/features/settings/settings-pages";
import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";

interface Props {
  /** Which of the pages it is. */
  place: SettingsPlace;
  title: string;
  lead?: string | undefined;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page of settings: its heading, and the way to the others. */
export function SettingsPage({ place, title, lead, actions, children }: Props) {
  const m = useTexts(settingsTexts);
  const consents = useTexts(consentsTexts);
  return (
    <Page>
      <PageHeader title={title} lead={lead} actions={actions} />
      <TabNav
        label={m.pages}
        tabs={settingsPages(m, consents).map(({ to, label, place: each }) => ({
          to,
          label,
          isCurrent: each === place,
        }))}
      />
      {children}
    </Page>
  );
}
