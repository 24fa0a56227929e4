import { TextLink } from "~/components/ui/text-link";
import { overtakenTexts } from "~/features/settings/overtaken-texts";
import { useTexts } from "~/i18n/locale";

/** A link that loads the page again with the stored values and drops what was typed. */
export function AsStored({ to = "" }: { to?: string }) {
  const m = useTexts(overtakenTexts);
  return (
    <TextLink to={to} reloadDocument>
      {m.asStored}
    </TextLink>
  );
}
