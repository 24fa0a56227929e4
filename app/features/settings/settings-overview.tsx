import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DataList } from "~/components/ui/data-list";
import { SettingValue } from "~/features/settings/setting-value";
import { settingsTexts } from "~/features/settings/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import { type SettingGroup, setting } from "~server/settings/definitions";
import type { SettingView } from "~server/settings/view";

/** A page of settings in short: what applies now, and the way to change it. */
export function SettingsOverview({ group, settings }: { group: SettingGroup; settings: SettingView[] }) {
  const locale = useLocale();
  const m = useTexts(settingsTexts);
  const { title, lead } = m.groups[group];
  return (
    <Card className="grid gap-4 p-5 sm:p-8">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div className="grid gap-1">
          <h2 className="text-lg font-semibold">{title}</h2>
          <p className="text-sm text-ink-soft">{lead}</p>
        </div>
        <ButtonLink to={`/admin/settings/${group}`} look="secondary" size="sm" aria-label={m.changeOf(title)}>
          {m.change}
        </ButtonLink>
      </div>
      <DataList
        rows={settings.map(({ key, text, locked, isSet }) => ({
          name: setting(key).label[locale],
          value: (
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className={isSet || text ? "" : "text-ink-soft"}>
                {isSet && !text ? m.secretSet : <SettingValue name={key} text={text} />}
              </span>
              {locked ? <Badge tone="plain">{m.lockedShort(setting(key).env)}</Badge> : null}
            </span>
          ),
        }))}
      />
    </Card>
  );
}
