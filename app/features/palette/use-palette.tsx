import { type ComponentType, useEffect, useState } from "react";
import { mainId } from "~/components/layout/skip-link";
import type { PaletteProps } from "./palette";
import { isApple, isPaletteKey } from "./shortcut";

/** What the palette's button leads to without a script, or without the palette: the search, past the menu on a phone. */
export const paletteFallback = `/admin/users#${mainId}`;

/** The palette, loaded when it is first opened, and its keys. `dialog` must stand where nothing hides it. */
export function usePalette(): { open: () => void; dialog: JSX.Element | null } {
  const [Palette, setPalette] = useState<ComponentType<PaletteProps>>();
  const [isOpen, setOpen] = useState(false);
  const open = () => {
    setOpen(true);
    import("./palette").then(
      (loaded) => setPalette(() => loaded.Palette),
      // A release that is gone, or a connection that broke: the list of people has a search of its own.
      () => window.location.assign(paletteFallback),
    );
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isPaletteKey(event, isApple())) return;
      // Also while it is held down: what the browser does with these keys must not cover the palette.
      event.preventDefault();
      if (!event.repeat) open();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
  return { open, dialog: isOpen && Palette ? <Palette onClose={() => setOpen(false)} /> : null };
}
