import { type ChangeEvent, useSyncExternalStore } from "react";
import { Button } from "~/components/ui/button";
import { denseButton } from "~/components/ui/dense-list";
import { adminUsersTexts } from "~/features/users/list-texts";
import { useTexts } from "~/i18n/locale";

const never = () => () => {};

/** What can be done with the ticked people; below or above them, in the same form. */
export function BulkBar({ hasMore, found }: { hasMore: boolean; found: string | undefined }) {
  const m = useTexts(adminUsersTexts);
  // Ticking a whole page takes a script; without one "all who match" does it where there is one page only.
  const hasScript = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <fieldset className="flex flex-wrap items-center gap-x-5 gap-y-2 px-2 py-2 sm:px-4 lg:min-h-7 lg:px-2 lg:py-0 print:hidden">
      <legend className="sr-only">{m.marking}</legend>
      <div className="grid lg:flex lg:gap-x-5">
        {hasScript ? <Choice label={m.selectPage} onChange={tickPage} /> : null}
        {hasMore || !hasScript ? <Choice label={m.selectAll} name="all" value="1" /> : null}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" name="mark" value="paid" look="secondary" size="sm" className={denseButton}>
          {m.markPaid}
        </Button>
        <Button type="submit" name="mark" value="unpaid" look="secondary" size="sm" className={denseButton}>
          {m.markUnpaid}
        </Button>
      </div>
      {found ? (
        <p data-result className="text-sm text-ink-soft lg:ml-auto lg:text-xs">
          {found}
        </p>
      ) : null}
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
    <label className="flex min-h-9 cursor-pointer items-center gap-2 text-sm lg:min-h-7 lg:gap-3 lg:text-xs">
      <span className="grid w-11 shrink-0 place-items-center lg:w-6">
        <input type="checkbox" {...input} className="size-5 cursor-pointer accent-accent lg:size-4" />
      </span>
      {label}
    </label>
  );
}

function tickPage({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
  const boxes = currentTarget.form?.querySelectorAll<HTMLInputElement>('input[name="id"]') ?? [];
  for (const box of boxes) box.checked = currentTarget.checked;
}
