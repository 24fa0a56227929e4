import type { QrPath } from "~/features/second-factor/qr-path.server";

/** Black on white in a dark page as well: cameras read nothing else for sure. */
export function QrCode({ size, d, label }: QrPath & { label: string }) {
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className="size-56 max-w-full rounded-md border border-line"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={d} fill="#000000" />
    </svg>
  );
}
