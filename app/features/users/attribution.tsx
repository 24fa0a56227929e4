import { DataList } from "~/components/ui/data-list";
import { DateTime } from "~/components/ui/date-time";
import { adminUserTexts } from "~/features/users/person-texts";
import { useTexts } from "~/i18n/locale";
import type { UserView } from "~server/users/users";

/** The first and the last visit that brought a person here, tag by tag. */
export function Touches({ utm: { first, last } }: Pick<UserView, "utm">) {
  const m = useTexts(adminUserTexts);
  return (
    <div className="grid gap-5">
      <Touch title={m.first} tags={first} />
      <Touch title={m.last} tags={last} />
    </div>
  );
}

function Touch({ title, tags }: { title: string; tags: Record<string, string> }) {
  const m = useTexts(adminUserTexts);
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-medium">{title}</h3>
      {Object.keys(tags).length > 0 ? <TagList tags={tags} /> : <p className="text-sm text-ink-soft">{m.noTouch}</p>}
    </section>
  );
}

/** The tags of one visit, in words. */
export function TagList({ tags }: { tags: Record<string, string> }) {
  const m = useTexts(adminUserTexts);
  // As they are named, and not as the database happens to order them.
  const known = Object.keys(m.tags).filter((tag) => tag in tags);
  const others = Object.keys(tags).filter((tag) => !(tag in m.tags));
  return (
    <DataList
      rows={[...known, ...others]
        .map((tag) => ({ tag, value: tags[tag] ?? "" }))
        .map(({ tag, value }) => ({
          name: m.tags[tag] ?? tag,
          value:
            tag === "at" && !Number.isNaN(Date.parse(value)) ? (
              <DateTime value={value} exact />
            ) : (
              <span className="break-all">{value}</span>
            ),
        }))}
    />
  );
}
