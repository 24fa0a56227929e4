import { Link } from "@remix-run/react";
import type { ComponentProps } from "react";

/** A link inside text, underlined so that it is not recognisable by colour alone. */
export function TextLink({ className = "", ...props }: ComponentProps<typeof Link>) {
  return (
    <Link
      className={`text-accent underline decoration-1 underline-offset-4 hover:text-accent-strong hover:decoration-2 ${className}`}
      {...props}
    />
  );
}
