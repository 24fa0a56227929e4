import { Link } from "@remix-run/react";

interface Props {
  label: string;
  tabs: { to: string; label: string; isCurrent: boolean }[];
}

/** The parts of one matter, each at an address of its own. Links: they work without JavaScript and can be opened in a new tab. */
export function TabNav({ label, tabs }: Props) {
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-x-1 border-b border-line">
        {tabs.map(({ to, label, isCurrent }) => (
          <li key={to}>
            <Link
              to={to}
              aria-current={isCurrent ? "page" : undefined}
              className="inline-flex min-h-11 items-center border-b-2 border-transparent px-3 text-ink-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
