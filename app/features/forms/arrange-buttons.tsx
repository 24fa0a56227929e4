import { useLocation } from "@remix-run/react";
import { Button } from "~/components/ui/button";
import { formsTexts } from "~/features/forms/texts";
import { useTexts } from "~/i18n/locale";
import { actField } from "~server/forms/draft-inputs";

/** A button that arranges what is typed and saves nothing; the page comes back at the item that it is about. */
export function useArrange(act: string) {
  const { pathname, search } = useLocation();
  const [verb, id] = act.split(".", 2);
  const at = verb === "up" || verb === "down" ? `#${itemAnchor(id ?? "")}` : "#more";
  return { type: "submit", name: actField, value: act, formAction: `${pathname}${search}${at}` } as const;
}

export const itemAnchor = (id: string): string => `item-${id}`;

/** One place up or down in the order of the questions. */
export function MoveButtons({ id, name, place, isLast }: { id: string; name: string; place: number; isLast: boolean }) {
  const m = useTexts(formsTexts);
  const [up, down] = [useArrange(`up.${id}`), useArrange(`down.${id}`)];
  return (
    <span className="flex gap-2 pb-1">
      <Button {...up} look="secondary" size="sm" aria-label={m.upOf(name)} disabled={place === 1}>
        ↑
      </Button>
      <Button {...down} look="secondary" size="sm" aria-label={m.downOf(name)} disabled={isLast}>
        ↓
      </Button>
    </span>
  );
}
