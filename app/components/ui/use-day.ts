import type { SyntheticEvent } from "react";
import { problemText } from "~/i18n/errors";
import { useLocale } from "~/i18n/locale";

/**
 * As the site reads days. Browsers take years of six digits otherwise, so that 2026 typed on becomes 20261, and 26 for
 * the year 26.
 */
const [firstDay, lastDay] = ["1000-01-01", "2999-12-31"];

/**
 * The attributes of a date input that the browser itself checks: what is no day it refuses in words of its own, which are in its
 * language and not in the page's, unless it is given others.
 */
export function useDay() {
  const locale = useLocale();
  return {
    type: "date",
    min: firstDay,
    max: lastDay,
    onInvalid: ({ currentTarget: input }: SyntheticEvent<HTMLInputElement>) => {
      const { valid, customError, valueMissing, badInput } = input.validity;
      if (!valid && !customError)
        input.setCustomValidity(problemText(locale, valueMissing && !badInput ? "required" : "date"));
    },
    // Words once given would make any day invalid. What is half typed and taken out again is no change of the input's value.
    onChange: accept,
    onKeyDown: accept,
    onBlur: accept,
  };
}

const accept = ({ currentTarget: input }: SyntheticEvent<HTMLInputElement>) => input.setCustomValidity("");
