import { useState } from "react";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { PostForm } from "~/components/ui/post-form";
import { ownField, seenField } from "~/features/settings/form-fields";
import { SettingField } from "~/features/settings/setting-field";
import { settingsTexts } from "~/features/settings/texts";
import { useUnsaved } from "~/hooks/use-unsaved";
import { useTexts } from "~/i18n/locale";
import { answerKey } from "~server/platform/field-map";
import { letterPlaceholders } from "~server/platform/letter-template";
import { placeholders } from "~server/platform/title-template";
import { setting } from "~server/settings/definitions";
import type { SettingView } from "~server/settings/view";
import type { Options } from "./choices.server";
import type { SettingsAnswer } from "./settings-form.server";

/** The settings of a page. Sending it saves nothing yet: the answer shows what would change. */
export function SettingsForm({
  settings,
  options,
  sources,
  seen,
  answer,
  onInput,
}: {
  settings: SettingView[];
  options: Options;
  sources: string[];
  /** The newest change that the page shows. */
  seen: number;
  answer: Pick<SettingsAnswer, "outcome" | "texts" | "theirs" | "said" | "seen" | "change"> | undefined;
  /** Something was typed. */
  onInput: () => void;
}) {
  const m = useTexts(settingsTexts);
  const saved = answer?.outcome === "saved" ? (answer.change ?? null) : null;
  const typed = answer?.outcome === "saved" ? undefined : answer?.texts;
  // The page's data are loaded again while its inputs stay as they were. Those of a form that has just been saved are older
  // than what was saved.
  const [shown] = useState({ seen, own: saved !== null && saved > seen ? saved : null });
  const own = shown.own !== null && shown.own === saved ? answer?.texts : undefined;
  const theirs = typed ? (answer?.theirs ?? {}) : {};
  // The field of a secret that was saved is empty, as when the page is opened.
  const textOf = ({ key, text }: SettingView) =>
    typed?.[key] ?? theirs[key] ?? (setting(key).input === "secret" ? undefined : own?.[key]) ?? text;
  const removed = settings.filter(({ key }) => setting(key).input === "secret" && typed?.[key] === "");
  const watched = useUnsaved(m.unsaved, typed !== undefined && answer?.outcome !== "same", onInput);
  const has = (wanted: SettingView["key"]) => settings.some(({ key }) => key === wanted);
  const further = has("dealTitle") ? placeholders : has("welcomeTextRu") ? letterPlaceholders : null;
  const isOpen = settings.some(({ locked }) => !locked);
  return (
    <Card className="p-5 sm:p-8">
      <PostForm className="grid gap-5" {...watched}>
        <input type="hidden" name={seenField} value={typed && answer ? answer.seen : shown.seen} />
        {shown.own !== null && !typed ? <input type="hidden" name={ownField} value={shown.own} /> : null}
        {settings.map((view) => (
          <SettingField
            // Rendered again with what a colleague has set, where nothing was typed.
            key={`${view.key} ${theirs[view.key] === undefined ? "" : answer?.seen}`}
            view={{ ...view, text: textOf(view) }}
            isRemoved={removed.includes(view)}
            options={options[view.key]}
            sources={sources}
            said={answer?.said[view.key]}
          />
        ))}
        {further ? (
          <p className="text-sm text-ink-soft">
            {m.placeholders}:{" "}
            <span translate="no">
              {[...further, ...sources.filter((name) => answerKey(name) !== null)]
                .map((name) => `{${name}}`)
                .join(", ")}
            </span>
          </p>
        ) : null}
        {isOpen ? (
          <p>
            <Button type="submit" look={answer?.outcome === "review" ? "secondary" : "primary"}>
              {m.check}
            </Button>
          </p>
        ) : null}
      </PostForm>
    </Card>
  );
}
