import { Link } from "@remix-run/react";
import { useSyncExternalStore } from "react";
import { administrationTexts } from "~/features/administration/texts";
import { useTexts } from "~/i18n/locale";
import { isApple } from "./shortcut";
import { paletteFallback } from "./use-palette";

const never = () => () => {};
const keysHere = () => (isApple() ? "⌘K" : "Ctrl+K");

const look =
  "flex min-h-11 w-full cursor-pointer items-center justify-between gap-2 rounded-md border border-edge bg-surface px-3 py-1 text-left text-sm hover:bg-sunken lg:min-h-8 lg:px-2";

/** Opens the palette; without a script it is a link to the search in the list of people. */
export function PaletteButton({ onOpen }: { onOpen: () => void }) {
  const m = useTexts(administrationTexts);
  const keys = useSyncExternalStore(never, keysHere, () => null);
  if (keys === null)
    return (
      <Link to={paletteFallback} className={look}>
        {m.find}
      </Link>
    );
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-keyshortcuts={keys === "⌘K" ? "Meta+K" : "Control+K Meta+K"}
      onClick={onOpen}
      className={look}
    >
      {m.find}
      <span aria-hidden="true" className="font-sans text-xs text-ink-soft max-lg:hidden">
        {keys}
      </span>
    </button>
  );
}
