import { Alert } from "~/components/ui/alert";
import { TextLink } from "~/components/ui/text-link";
import { useTexts } from "~/i18n/locale";
import { connectionTexts } from "./texts";

/** Says of which products the deals are made without an amount, where the owner has not said that they are free. */
export function UnpricedAlert({ products }: { products: number[] }) {
  const m = useTexts(connectionTexts);
  if (products.length === 0) return null;
  return (
    <Alert tone="wait">
      {m.unpriced(products)} <TextLink to="/admin/settings/deal">{m.setPrice}</TextLink>.
    </Alert>
  );
}
