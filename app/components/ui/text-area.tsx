import type { ComponentPropsWithoutRef } from "react";
import { FieldFrame, type FieldProps, inputLook } from "~/components/ui/field";

interface Props
  extends Omit<ComponentPropsWithoutRef<"textarea">, "id">,
    Pick<FieldProps, "label" | "hint" | "said" | "problems" | "note"> {}

/** Several lines of text, with label, hint and problem associated like those of a field. */
export function TextArea({ label, hint, said, problems, note, ...area }: Props) {
  return (
    <FieldFrame {...{ label, hint, said, problems, note }}>
      {(described) => <textarea rows={2} {...area} {...described} className={`${inputLook} min-w-0`} />}
    </FieldFrame>
  );
}
