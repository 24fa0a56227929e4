import { useEffect, useRef, useState } from "react";
import { Field, type FieldProps } from "~/components/ui/field";
import { lastDay } from "~/components/ui/use-day";

/**
 * An input for a day. Of what is no day a browser's own date input sends nothing, so without a script, which can tell that, the
 * answer would be lost without a word: there it is a text, which the server reads in any usual spelling.
 */
export function DayField({ example, ...field }: Omit<FieldProps, "inputRef" | "type"> & { example: string }) {
  const ref = useRef<HTMLInputElement>(null);
  const [isNative, setNative] = useState(false);
  useEffect(() => {
    const input = ref.current;
    // What was typed before the script came would be removed, unless a date input can show it.
    if (input && input !== document.activeElement && /^(\d{4}-\d\d-\d\d)?$/.test(input.value)) setNative(true);
  }, []);
  const kind = isNative ? { type: "date", max: lastDay } : { type: "text", placeholder: example };
  return <Field {...field} {...kind} inputRef={ref} />;
}
