import { usualLead } from "~/features/registration/usual-lead";
import type { Locale } from "~/i18n/locale";
import { formatPrice } from "~/i18n/price.server";
import type { Form } from "~server/forms/forms";
import { offerOf } from "~server/forms/offer";
import { type ShownForm, shownForm } from "~server/forms/shown-form";
import type { Services } from "~server/services";

/**
 * A form as its page shows it, with what one registers for. The price and the usual lead come in words, so that the browser
 * need load neither how amounts are written nor both languages of the lead.
 */
export function formFor(services: Pick<Services, "env" | "forms">, form: Form, locale: Locale): ShownForm {
  const offer = offerOf(services, form);
  const shown = shownForm(form.definition, locale);
  return {
    ...shown,
    lead: shown.lead || usualLead[locale],
    offer: offer && { name: offer.name, price: formatPrice(locale, offer.priceUsd) },
  };
}
