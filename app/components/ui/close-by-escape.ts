import type { KeyboardEvent } from "react";

/** A disclosure closes as a menu does: with the focus back on what opened it. */
export function closeByEscape(event: KeyboardEvent<HTMLDetailsElement>): void {
  if (event.key !== "Escape" || !event.currentTarget.open) return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector("summary")?.focus();
}
