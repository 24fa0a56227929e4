import type { Person } from "../bitrix24/person";
import type { Question } from "../forms/definition";
import { personColumns } from "../person/columns";
import { pickPerson, type StoredPerson } from "../person/fields";
import type { Env } from "../platform/env";
import { getUtmForBitrix24, getVisitForBitrix24, type UtmData } from "../registration/utmUtils";
import { answersOf } from "./answers";
import { type Facts, factsOf } from "./facts";
import { traceText } from "./trace-text";

/** The columns of a user that say what the portal is told of the person. */
export const toldColumns = {
  id: true,
  ...personColumns,
  locale: true,
  createdAt: true,
  insertedAt: true,
  answers: true,
  attribution: { select: { first: true, last: true } },
} as const;

type ToldRow = StoredPerson & {
  id: number;
  locale: string;
  createdAt: Date;
  insertedAt: Date | null;
  answers: unknown;
  attribution: { first: unknown; last: unknown } | null;
};

/** What the portal is told of a person. `consents`: facts of consentFacts; `questions`: all of the site. */
export function toldPerson(
  row: ToldRow,
  { env, consents, questions }: { env: Env; consents: Facts | undefined; questions: ReadonlyMap<string, Question> },
): Pick<
  Person,
  | "userId"
  | "createdAt"
  | "insertedAt"
  | keyof StoredPerson
  | "locale"
  | "utm"
  | "visit"
  | "trace"
  | "facts"
  | "answers"
> {
  const touches = (row.attribution ?? { first: null, last: null }) as UtmData;
  return {
    userId: row.id,
    createdAt: row.createdAt,
    insertedAt: row.insertedAt,
    ...pickPerson(row),
    locale: row.locale,
    utm: getUtmForBitrix24(touches),
    visit: getVisitForBitrix24(touches),
    trace: env.BITRIX24_TRACES === "on" ? traceText(touches, env.APP_URL) : null,
    facts: { ...factsOf(touches, row.createdAt), ...consents },
    answers: answersOf(questions, row),
  };
}
