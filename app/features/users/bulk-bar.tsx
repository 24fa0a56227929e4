import { type ChangeEvent, useSyncExternalStore } from "react";
import { Button } from "~/components/ui/button";
import { adminUsersTexts } from "~/features/users/list-texts";
import { useTexts } from "~/i18n/locale";

const never = () => () => {};

/** What can be done with the ticked people; below or above them, in the same form. */
export function BulkBar({ hasMore }: { hasMore: boolean }) {
  const m = useTexts(adminUsersTexts);
  // Ticking a whole page takes a script; without one "all who match" does it where there is one page only.
  const hasScript = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <fieldset className="flex flex-wrap items-center gap-x-6 gap-y-2 border-line px-3 py-3 sm:px-5">
      <legend className="sr-only">{m.marking}</legend>
      <div className="grid gap-1">
        {hasScript ? <Choice label={m.selectPage} onChange={tickPage} /> : null}
        {hasMore || !hasScript ? <Choice label={m.selectAll} name="all" value="1" /> : null}
      </div>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" name="mark" value="paid" look="secondary" size="sm">
          {m.markPaid}
        </Button>
        <Button type="submit" name="mark" value="unpaid" look="secondary" size="sm">
          {m.markUnpaid}
        </Button>
      </div>
    </fieldset>
  );
}

function Choice({
  label,
  ...input
}: {
  label: string;
  name?: string;
  value?: string;
  onChange?: (event: ChangeEvent<HTMLInputElement>) => void;
}) {
  return (
    <label className="flex min-h-9 cursor-pointer items-center gap-3 text-sm">
      <span className="grid w-11 shrink-0 place-items-center">
        <input type="checkbox" {...input} className="size-5 cursor-pointer accent-accent" />
      </span>
      {label}
    </label>
  );
}

function tickPage({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
  const boxes = currentTarget.form?.querySelectorAll<HTMLInputElement>('input[name="id"]') ?? [];
  for (const box of boxes) box.checked = currentTarget.checked;
}
