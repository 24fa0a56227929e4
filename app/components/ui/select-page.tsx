import { useSyncExternalStore } from "react";

const never = () => () => {};

/** Ticks every box of its form, and stands above them. Rendered only with scripts. */
export function TickPage({ label }: { label: string }) {
  const hasScript = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  if (!hasScript) return <span />;
  return (
    <label className="flex min-h-9 cursor-pointer lg:min-h-6 items-center gap-3 text-sm">
      <span className="grid w-11 shrink-0 place-items-center lg:w-6">
        <input
          type="checkbox"
          className="size-5 cursor-pointer accent-accent lg:size-4"
          onChange={({ currentTarget }) => {
            const boxes = currentTarget.form?.querySelectorAll<HTMLInputElement>('input[name="id"]') ?? [];
            for (const box of boxes) box.checked = currentTarget.checked;
          }}
        />
      </span>
      {label}
    </label>
  );
}
