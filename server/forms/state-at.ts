import type { Services } from "../services";
import { type FormState, stateOf } from "./change";

/** A form as it was after one of its changes; 0: before the first. Null if there is no such change. */
export async function stateAt(
  { db }: Pick<Services, "db">,
  formId: number,
  changeId: number,
): Promise<FormState | null> {
  if (changeId > 0) {
    const row = await db.formChange.findFirst({ where: { id: changeId, formId }, select: { after: true } });
    return row && stateOf(row.after);
  }
  const first = await db.formChange.findFirst({
    where: { formId },
    orderBy: { id: "asc" },
    select: { before: true },
  });
  return first?.before ? stateOf(first.before) : null;
}
