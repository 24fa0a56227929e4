import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";
import { coloursOf, grounds, type Scheme } from "~server/platform/accent";

const inks: Record<Scheme, string> = { light: "#1c2521", dark: "#e9ece6" };

/** Links and a button in the colour, as both schemes derive it. Drawn, since the policy allows no styles in pages. */
export function AccentPreview({ colour }: { colour: string }) {
  const m = useTexts(settingsTexts).accent;
  const colours = coloursOf(colour);
  return (
    <figure className="grid gap-2">
      <figcaption className="text-sm font-medium">{m.title}</figcaption>
      <div data-accent={colour} className="flex flex-wrap gap-4">
        {(["light", "dark"] as const).map((scheme) => {
          const { accent, soft, on } = colours[scheme];
          return (
            <svg key={scheme} viewBox="0 0 240 120" role="img" aria-label={m[scheme]} className="w-60 rounded-md">
              <rect width="240" height="120" fill={grounds[scheme][1]} />
              <text x="16" y="32" fontSize="15" fill={inks[scheme]}>
                {m.text}
              </text>
              <text x="16" y="58" fontSize="15" fill={accent} textDecoration="underline">
                {m.link}
              </text>
              <rect x="16" y="74" width="104" height="32" rx="6" fill={accent} />
              <text x="68" y="95" fontSize="15" fill={on} textAnchor="middle">
                {m.button}
              </text>
              <rect x="130" y="74" width="94" height="32" rx="6" fill={soft} />
              <text x="177" y="95" fontSize="15" fill={accent} textAnchor="middle">
                {m.notice}
              </text>
            </svg>
          );
        })}
      </div>
    </figure>
  );
}
