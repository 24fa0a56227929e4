import { Field } from "./field";

interface Props {
  name?: string;
  label: string;
  problems?: string[] | undefined;
}

/** The password that a person has now: browsers and password managers fill it in. */
export function PasswordField({ name = "password", label, problems }: Props) {
  return (
    <Field name={name} label={label} type="password" autoComplete="current-password" required problems={problems} />
  );
}
