type Keys = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "repeat">;

/**
 * Whether a key opens the palette: Ctrl+K, or Cmd+K. A layout with Latin letters says itself where its K is (in Dvorak not
 * where it is printed); in any other, such as the Russian one, the place of the key decides.
 */
export function isPaletteKey({ key, code, ctrlKey, metaKey, altKey, shiftKey, repeat }: Keys): boolean {
  if (ctrlKey === metaKey || altKey || shiftKey || repeat) return false;
  return /^[a-z]$/i.test(key) ? key.toLowerCase() === "k" : code === "KeyK";
}
