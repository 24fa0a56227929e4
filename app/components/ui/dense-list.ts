/**
 * The look of the administration's lists: one below the other on a phone, and in lines of 24 pixels where there is room,
 * the least that a finger or a trembling hand still hits (WCAG 2.5.8).
 */
export const denseList = "max-lg:divide-y max-lg:divide-line lg:py-1";

/** A line; what is too long for its column goes on below instead of being cut, since such lists are read as evidence. */
export const denseRow =
  "grid gap-x-3 gap-y-1 px-4 py-3 hover:bg-sunken sm:px-5 lg:min-h-6 lg:items-baseline lg:px-3 lg:py-0 lg:text-xs lg:leading-6";

export const denseCell = "min-w-0 text-sm text-ink-soft wrap-anywhere lg:text-xs lg:leading-6";

/** A link in a line: as high as the line. */
export const denseLink =
  "underline decoration-line underline-offset-4 hover:decoration-current lg:inline-block lg:min-h-6";

/** A button of the size `sm` in a line, or in the bar above the lines. */
export const denseButton = "lg:min-h-6! lg:px-2! lg:py-0! lg:text-xs!";

/** The same with a line between: where most entries take several lines. */
export const denseEntries = "divide-y divide-line lg:[&>li]:py-0.5";

/** The names of the columns, above the lines; each cell names itself to screen readers, and to everybody on a phone. */
export const denseHead =
  "grid gap-x-3 border-b border-line px-3 pt-2 pb-1 text-xs font-medium text-ink-soft max-lg:hidden";

/** A cell's name where its column has none above it. */
export const denseName = "lg:sr-only";
