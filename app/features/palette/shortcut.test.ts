import { expect, test } from "vitest";
import { isPaletteKey } from "./shortcut";

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test.each([
  ["Ctrl+K", { key: "k", code: "KeyK", ctrlKey: true }],
  ["Cmd+K", { key: "k", code: "KeyK", metaKey: true }],
  ["Ctrl+K with caps lock", { key: "K", code: "KeyK", ctrlKey: true }],
  ["Ctrl+Л of the Russian layout", { key: "л", code: "KeyK", ctrlKey: true }],
  ["Cmd+Κ of the Greek layout", { key: "κ", code: "KeyK", metaKey: true }],
  ["Ctrl+K of Dvorak, where the K is printed as V", { key: "k", code: "KeyV", ctrlKey: true }],
])("%s opens the palette", (_name, keys) => {
  expect(isPaletteKey({ ...none, ...keys }, false)).toBe(true);
});

test.each([
  ["K alone", { key: "k", code: "KeyK" }],
  ["Ctrl+T of Dvorak, at the place of K", { key: "t", code: "KeyK", ctrlKey: true }],
  ["Ctrl+Shift+K", { key: "K", code: "KeyK", ctrlKey: true, shiftKey: true }],
  ["AltGr+K", { key: "ĸ", code: "KeyK", ctrlKey: true, altKey: true }],
  ["Ctrl+Cmd+K", { key: "k", code: "KeyK", ctrlKey: true, metaKey: true }],
  ["Ctrl+О of the Russian layout", { key: "о", code: "KeyJ", ctrlKey: true }],
])("%s does not", (_name, keys) => {
  expect(isPaletteKey({ ...none, ...keys }, false)).toBe(false);
  expect(isPaletteKey({ ...none, ...keys }, true)).toBe(false);
});

test("with Apple it is Cmd+K alone: Ctrl+K deletes to the end of the line there", () => {
  expect(isPaletteKey({ ...none, key: "k", code: "KeyK", metaKey: true }, true)).toBe(true);
  expect(isPaletteKey({ ...none, key: "л", code: "KeyK", metaKey: true }, true)).toBe(true);
  expect(isPaletteKey({ ...none, key: "k", code: "KeyK", ctrlKey: true }, true)).toBe(false);
  expect(isPaletteKey({ ...none, key: "л", code: "KeyK", ctrlKey: true }, true)).toBe(false);
});
