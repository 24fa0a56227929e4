import { TextLink } from "~/components/ui/text-link";
import { overtakenTexts } from "~/features/settings/overtaken-texts";
import { useTexts } from "~/i18n/locale";

/** Opens the page anew, without what was typed on it. */
export function AsStored({ to = "" }: { to?: string }) {
  const m = useTexts(overtakenTexts);
  return (
    <TextLink to={to} reloadDocument>
      {m.asStored}
    </TextLink>
  );
}
