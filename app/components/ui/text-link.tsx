import { Link } from "@remix-run/react";
import { type ComponentProps, createContext, useContext } from "react";

/** `_blank` where no other page may be shown: the form inside other sites' pages. */
export const LinkTarget = createContext<"_blank" | undefined>(undefined);

/** A link inside text, underlined so that it is not recognisable by colour alone. */
export function TextLink({ className = "", ...props }: ComponentProps<typeof Link>) {
  return (
    <Link
      target={useContext(LinkTarget)}
      className={`text-accent underline decoration-1 underline-offset-4 hover:text-accent-strong hover:decoration-2 ${className}`}
      {...props}
    />
  );
}
