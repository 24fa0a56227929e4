import { ButtonLink } from "./button";

interface Props {
  label: string;
  previous: { to: string; label: string } | null;
  next: { to: string; label: string } | null;
}

/** Previous and next, for a list without page numbers. */
export function Pager({ label, previous, next }: Props) {
  if (!previous && !next) return null;
  return (
    <nav aria-label={label} className="flex flex-wrap justify-between gap-3 print:hidden">
      <span>
        {previous ? (
          <ButtonLink to={previous.to} rel="prev" look="secondary" size="sm">
            {previous.label}
          </ButtonLink>
        ) : null}
      </span>
      {next ? (
        <ButtonLink to={next.to} rel="next" look="secondary" size="sm">
          {next.label}
        </ButtonLink>
      ) : null}
    </nav>
  );
}
