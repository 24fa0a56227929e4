type Keys = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** In a browser only. Also of a phone or tablet, which may have a keyboard. */
export const isApple = (): boolean => /^(Mac|iP)/.test(navigator.platform);

/**
 * Whether a key is the palette's: Cmd+K with Apple, where Ctrl+K deletes to the end of a line, and Ctrl+K elsewhere, where
 * Meta+K counts too. A layout with Latin letters says itself where its K is (in Dvorak not where it is printed); in any
 * other, such as the Russian one, the place of the key decides.
 */
export function isPaletteKey({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Keys, apple: boolean): boolean {
  if (ctrlKey === metaKey || (apple && ctrlKey) || altKey || shiftKey) return false;
  return /^[a-z]$/i.test(key) ? key.toLowerCase() === "k" : code === "KeyK";
}
