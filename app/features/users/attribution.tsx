import { DataList } from "~/components/ui/data-list";
import { DateTime } from "~/components/ui/date-time";
import { adminUserTexts } from "~/features/users/person-texts";
import { useTexts } from "~/i18n/locale";
import type { UserView } from "~server/users/users";

/** The first and the last visit that brought a person here, mark by mark. */
export function Touches({ utm: { first, last } }: Pick<UserView, "utm">) {
  const m = useTexts(adminUserTexts);
  return (
    <div className="grid gap-5">
      <Touch title={m.first} marks={first} />
      <Touch title={m.last} marks={last} />
    </div>
  );
}

function Touch({ title, marks }: { title: string; marks: Record<string, string> }) {
  const m = useTexts(adminUserTexts);
  return (
    <section className="grid gap-2">
      <h3 className="text-sm font-medium">{title}</h3>
      {Object.keys(marks).length > 0 ? (
        <MarkList marks={marks} />
      ) : (
        <p className="text-sm text-ink-soft">{m.noTouch}</p>
      )}
    </section>
  );
}

/** The marks of one visit, in words. */
export function MarkList({ marks }: { marks: Record<string, string> }) {
  const m = useTexts(adminUserTexts);
  // As they are named, and not as the database happens to order them.
  const known = Object.keys(m.marks).filter((mark) => mark in marks);
  const others = Object.keys(marks).filter((mark) => !(mark in m.marks));
  return (
    <DataList
      rows={[...known, ...others]
        .map((mark) => ({ mark, value: marks[mark] ?? "" }))
        .map(({ mark, value }) => ({
          name: m.marks[mark] ?? mark,
          value:
            mark === "at" && !Number.isNaN(Date.parse(value)) ? (
              <DateTime value={value} exact />
            ) : (
              <span className="break-all">{value}</span>
            ),
        }))}
    />
  );
}
