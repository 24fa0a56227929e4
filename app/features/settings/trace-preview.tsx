import { DataList } from "~/components/ui/data-list";
import { settingsTexts } from "~/features/settings/texts";
import { TagList } from "~/features/users/attribution";
import { useTexts } from "~/i18n/locale";
import type { PreviewField } from "~server/preview/preview";

/** A visit in the shape in which Sales Intelligence takes it: server/crm/trace-text.ts. */
interface Visit {
  url?: string;
  ref?: string;
  tags?: { ts?: number; list?: Record<string, string>; gclid?: string };
  previous?: { list: Visit[] };
}

/** The visit that Sales Intelligence is told of, tag by tag, the earlier one after it, and what it is linked with. */
export function TracePreview({ fields }: { fields: PreviewField[] }) {
  const { preview: m } = useTexts(settingsTexts);
  const valueNamed = (wanted: string) => fields.find(({ name }) => name === wanted)?.value;
  const visit = readVisit(valueNamed("TRACE") ?? "");
  const linked = (valueNamed("ENTITIES") ?? "").split(", ").filter(Boolean);
  return (
    <div className="grid gap-5">
      {visit ? <TagList tags={tagsOf(visit)} /> : null}
      {visit?.previous?.list.map((earlier) => (
        <div key={JSON.stringify(earlier)} className="grid gap-2">
          <p className="text-sm text-ink-soft">{m.earlierVisit}</p>
          <TagList tags={tagsOf(earlier)} />
        </div>
      ))}
      <DataList rows={[{ name: m.visitOf, value: linked.map((type) => m.visitKinds[type] ?? type).join(", ") }]} />
    </div>
  );
}

function readVisit(text: string): Visit | null {
  try {
    return JSON.parse(text) as Visit;
  } catch {
    return null;
  }
}

/** Under the names that the site's own history of visits has. */
function tagsOf({ url, ref, tags }: Visit): Record<string, string> {
  const at = tags?.ts === undefined ? undefined : new Date(tags.ts * 1_000).toISOString();
  const known = { ...tags?.list, gclid: tags?.gclid, referrer: ref, landing: url, at };
  return Object.fromEntries(Object.entries(known).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
