import { Link } from "@remix-run/react";
import type { ComponentProps } from "react";
import { useInFlight } from "~/hooks/use-single-submit";

const looks = {
  primary: "bg-accent text-accent-on hover:bg-accent-strong",
  secondary: "border border-edge bg-surface text-ink hover:bg-sunken",
  quiet: "text-accent underline decoration-1 underline-offset-4 hover:text-accent-strong hover:decoration-2",
} as const;

const sizes = {
  md: "min-h-11 px-5 py-2 text-base",
  sm: "min-h-9 px-3 py-1 text-sm",
} as const;

export interface Look {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
}

/** The look of a button, for what is one by its tag, such as a summary. */
export const buttonClass = ({ look = "primary", size = "md" }: Look, more = "") =>
  `inline-flex items-center justify-center gap-2 rounded-md font-medium transition-colors ${sizes[size]} ${looks[look]} ${more}`;

/**
 * `type` is required: a button without one submits its form.
 *
 * While a form of the page is in flight a submit button is marked as disabled (useInFlight). It keeps the focus, which
 * `disabled` would take away.
 */
export function Button({
  look,
  size,
  className,
  ...props
}: ComponentProps<"button"> & Look & { type: "submit" | "button" }) {
  const busy = useInFlight();
  return (
    <button
      className={buttonClass(
        { ...lookOf(look, size) },
        `cursor-pointer aria-disabled:cursor-progress ${className ?? ""}`,
      )}
      aria-disabled={props.type === "submit" && busy ? true : undefined}
      {...props}
    />
  );
}

export function ButtonLink({ look, size, className, ...props }: ComponentProps<typeof Link> & Look) {
  return <Link className={buttonClass(lookOf(look, size), className)} {...props} />;
}

const lookOf = (look: Look["look"], size: Look["size"]): Look => ({ ...(look && { look }), ...(size && { size }) });
