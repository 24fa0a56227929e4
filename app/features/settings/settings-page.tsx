import type { ReactNode } from "react";
import { Page, PageHeader } from "~/components/ui/page";
import { TabNav } from "~/components/ui/tab-nav";
import { consentsTexts } from "~/features/consents/texts";
import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";
import { type SettingGroup, settingGroups } from "~server/settings/definitions";

interface Props {
  /** Which of the pages it is. */
  place: SettingGroup | "overview" | "consents" | "forms";
  title: string;
  lead?: string | undefined;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page of settings: its heading, and the way to the others. */
export function SettingsPage({ place, title, lead, actions, children }: Props) {
  const m = useTexts(settingsTexts);
  const consents = useTexts(consentsTexts);
  const pages = [
    { place: "overview", to: "/admin/settings", label: m.overview },
    { place: "forms", to: "/admin/settings/forms", label: m.forms },
    ...settingGroups.map((group) => ({
      place: group,
      to: `/admin/settings/${group}`,
      label: m.groups[group].short ?? m.groups[group].title,
    })),
    { place: "consents", to: "/admin/settings/consents", label: consents.title },
  ];
  return (
    <Page>
      <PageHeader title={title} lead={lead} actions={actions} />
      <TabNav
        label={m.pages}
        tabs={pages.map(({ to, label, place: each }) => ({ to, label, isCurrent: each === place }))}
      />
      {children}
    </Page>
  );
}
