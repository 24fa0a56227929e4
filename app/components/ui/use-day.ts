import type { ChangeEvent, FormEvent } from "react";
import { problemText } from "~/i18n/errors";
import { useLocale } from "~/i18n/locale";

/** Browsers take years of six digits otherwise, so that 2026 typed on becomes 20261. */
export const lastDay = "9999-12-31";

/**
 * The attributes of a date input that the browser itself checks: what is no day it refuses in words of its own, which are in its
 * language and not in the page's, unless it is given others.
 */
export function useDay() {
  const locale = useLocale();
  return {
    type: "date",
    max: lastDay,
    onInvalid: ({ currentTarget: input }: FormEvent<HTMLInputElement>) => {
      const { badInput, valueMissing } = input.validity;
      if (badInput || valueMissing) input.setCustomValidity(problemText(locale, badInput ? "date" : "required"));
    },
    // Words once given would make any day invalid.
    onChange: ({ currentTarget: input }: ChangeEvent<HTMLInputElement>) => input.setCustomValidity(""),
  };
}
