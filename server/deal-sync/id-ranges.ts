import type { Range } from "../bitrix24/scan";

/** A page of the portal holds fifty rows; the difference leaves room for duplicates. */
const idsPerRange = 46;
const rangesPerRequest = 50;
/** Of our rows: as many as one request reads. */
export const perStep = idsPerRange * rangesPerRequest;

/** Ranges of ids (above `from`, up to and including `to`) without gaps between them; the last may be open. */
export function rangesOf(ids: number[], after: number, open: boolean): Range[] {
  const ranges: Range[] = [];
  let from = after;
  for (let place = idsPerRange; place < ids.length + idsPerRange; place += idsPerRange) {
    const to = ids[Math.min(place, ids.length) - 1] as number;
    ranges.push({ from, to });
    from = to;
  }
  if (open) {
    const tail = ranges.pop();
    ranges.push({ from: tail?.from ?? after });
  }
  return ranges;
}
