/**
 * The owner's colour: that of links and buttons. Both schemes derive from it, and it is refused where a text could not
 * be read. Loaded by the browser, for the settings' words.
 */

export type Scheme = "light" | "dark";

/** What texts in the colour stand on: --ground, --surface and --sunken of app/tailwind.css. */
export const grounds: Record<Scheme, string[]> = {
  light: ["#f3efe6", "#fffdf8", "#ebe5d8"],
  dark: ["#111614", "#1a211e", "#0c100e"],
};

/** WCAG AA, for texts of ordinary size. */
const least = 4.5;

export interface AccentColours {
  accent: string;
  /** Under the pointer. */
  strong: string;
  /** Behind texts in the colour. */
  soft: string;
  /** Texts on the colour. */
  on: string;
}

export type AccentFault = { code: "shape" } | { code: "light"; contrast: number };

const shape = /^#[0-9a-f]{6}$/i;

/** Why a colour is refused; null: it can be read everywhere. */
export function accentFault(text: string): AccentFault | null {
  if (!shape.test(text)) return { code: "shape" };
  const worst = Math.min(...grounds.light.map((ground) => contrast(text, ground)));
  return worst < least ? { code: "light", contrast: Math.floor(worst * 10) / 10 } : null;
}

/** The colours of both schemes. The dark one has the colour lightened until it can be read there. */
export function coloursOf(text: string): Record<Scheme, AccentColours> {
  const accent = text.toLowerCase();
  const [, lightSurface = ""] = grounds.light;
  const [, darkSurface = ""] = grounds.dark;
  const lightened = steps
    .map((share) => mix(accent, "#ffffff", share))
    .find((each) => grounds.dark.every((ground) => contrast(each, ground) >= least + 1.5));
  const bright = lightened ?? "#ffffff";
  return {
    light: {
      accent,
      strong: mix(accent, "#000000", 0.3),
      soft: softOf(accent, lightSurface),
      on: "#ffffff",
    },
    dark: {
      accent: bright,
      strong: mix(bright, "#ffffff", 0.35),
      soft: softOf(bright, darkSurface),
      on: mix(bright, "#000000", 0.86),
    },
  };
}

const steps = Array.from({ length: 41 }, (_, step) => step / 40);

/** As much of the colour in the surface as a text in that colour allows. */
function softOf(accent: string, surface: string): string {
  const shares = [0.16, 0.13, 0.1, 0.07, 0.04];
  const softs = shares.map((share) => mix(surface, accent, share));
  return softs.find((soft) => contrast(accent, soft) >= least) ?? surface;
}

/** The stylesheet that puts the colours in the place of those of app/tailwind.css. */
export function accentStyles(text: string): string {
  const { light, dark } = coloursOf(text);
  const rule = ({ accent, strong, soft, on }: AccentColours) =>
    `:root{--accent:${accent};--accent-strong:${strong};--accent-soft:${soft};--accent-on:${on};}`;
  return `${rule(light)}@media (prefers-color-scheme: dark){${rule(dark)}}`;
}

const partsOf = (colour: string): number[] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

function mix(from: string, to: string, share: number): string {
  const others = partsOf(to);
  return `#${partsOf(from)
    .map((part, at) => Math.round(part + ((others[at] ?? 0) - part) * share))
    .map((part) => part.toString(16).padStart(2, "0"))
    .join("")}`;
}

/** Relative luminance, as WCAG defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = partsOf(colour).map((part) => {
    const value = part / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
