import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { conversionTexts } from "~/features/conversions/texts";
import { useTexts } from "~/i18n/locale";
import type { AdSystem, ConversionCounts } from "~server/payments/conversions";

interface Props {
  system: AdSystem;
  counts: ConversionCounts;
  /** The name of the last file. */
  name: string | undefined;
}

/** What a new file for one system would hold, and the buttons that make it. */
export function SystemCard({ system, counts, name }: Props) {
  const m = useTexts(conversionTexts);
  return (
    <Card className="grid content-start gap-4 p-4 sm:p-6">
      <h2 className="text-lg font-semibold">{m.systems[system]}</h2>
      <p data-ready={system}>{m.ready(counts.ready)}</p>
      <PostForm className="grid gap-3">
        <input type="hidden" name="system" value={system} />
        <input type="hidden" name="kind" value="add" />
        <Field
          label={m.names[system]}
          name="name"
          hint={m.hints[system]}
          defaultValue={name ?? m.usual[system]}
          maxLength={100}
          autoComplete="off"
          required
        />
        <div>
          <Button type="submit">{m.make}</Button>
        </div>
      </PostForm>
      {counts.undone > 0 ? (
        <PostForm className="grid gap-3">
          <p data-undone={system}>{m.undone(counts.undone)}</p>
          {system === "yandex" ? <p className="text-sm text-ink-soft">{m.byHand}</p> : null}
          <input type="hidden" name="system" value={system} />
          <input type="hidden" name="kind" value="retract" />
          <input type="hidden" name="name" value={name ?? m.usual[system]} />
          <div>
            <Button type="submit" look="secondary">
              {m.retract[system]}
            </Button>
          </div>
        </PostForm>
      ) : null}
    </Card>
  );
}
