import { stringify } from "csv-stringify/sync";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { select } from "../database/read-within";
import { type AnswerWords, answerWords } from "../forms/answer-words";
import { readAnswers } from "../forms/answers";
import type { Question } from "../forms/definition";
import { type Form, firstFormId } from "../forms/forms";
import { everyOptionOf, wordsIn } from "../forms/questions";
import { formNamed } from "../import/form-names";
import { eachPersonField } from "../person/fields";
import { folded } from "../platform/folded";
import { formulaGuard } from "../platform/formula-guard";
import type { Locale } from "../platform/locales";
import { clockTime } from "../platform/time-zone";
import type { Services } from "../services";
import { noSource, type UserCrmState, type UserCursor, type UserFilter } from "./filter";
import { type ExportedRow, exportSql, keyOf, siteOf, toUserRow, type UserRow } from "./list-sql";

type ExportColumn = Exclude<keyof UserRow, "phoneExtension" | "formId" | "isRegistration"> | "withdrawnAt";

/** In the order of the file. A record, so that a field that is left out does not compile. */
const columns: Record<ExportColumn, true> = {
  id: true,
  ...eachPersonField(() => true),
  createdAt: true,
  isPaid: true,
  paidAt: true,
  crmState: true,
  bitrix24ContactId: true,
  bitrix24DealId: true,
  source: true,
  campaign: true,
  withdrawnAt: true,
};
export const exportColumns = Object.keys(columns) as ExportColumn[];

/** The spreadsheet format of the reader's country. */
export interface ExportStyle {
  locale: Locale;
  delimiter: "," | ";";
  columns: Record<ExportColumn, string>;
  phoneExtension: (digits: string) => string;
  paid: string;
  unpaid: string;
  /** Header of the form's column, and what stands in it for the first form, where that has no name. */
  form: string;
  firstForm: string;
  crmStates: Record<UserCrmState, string>;
}

interface Export {
  actor: Actor;
  filter: UserFilter;
  style: ExportStyle;
  /** Awaited before each piece: a slow reader must not fill our memory. */
  drained?: () => Promise<void>;
  signal?: AbortSignal;
}

const pageSize = 1_000;

const momentColumns = new Set<string>(["createdAt", "paidAt", "withdrawnAt"] satisfies ExportColumn[]);

/**
 * The filtered people as CSV, of which one piece at a time is in memory. The export is audited before the first piece,
 * with those parts of the filter that are not personal data. A source may be: it can be typed by hand, and links hold what
 * their authors put there, such as the recipient's address.
 */
export async function* exportUsers(
  { db, pool, env, forms }: Pick<Services, "db" | "pool" | "env" | "forms">,
  { actor, filter, style, drained, signal }: Export,
): AsyncGenerator<string> {
  const { q, paid, confirmed, crm, source, form, from, to } = filter;
  const isNamed = source !== null && source !== noSource;
  await audit(db, {
    actor,
    action: "users.export",
    details: {
      paid,
      confirmed: confirmed ?? null,
      crm,
      ...(source === noSource ? { source } : {}),
      form: form === undefined ? null : (forms.byId(form)?.slug ?? "register"),
      from,
      to,
      searched: q !== "" || isNamed,
    },
  });
  // A payment made during the export would move its row in an order by payment: the row could come twice or not at all.
  const sorted: UserFilter = { ...filter, sort: filter.sort === "oldest" ? "oldest" : "newest" };
  const site = siteOf({ env, forms });
  const { zone, questions } = site;
  // The header names the zone, which an import reads from it.
  const header = exportColumns.map((column) =>
    momentColumns.has(column) ? `${style.columns[column]} (${zone})` : style.columns[column],
  );
  const labels = headersOf(questions, style);
  const formNames = forms.all().length > 1 ? formNamesOf(forms.all(), style) : null;
  yield `\u{feff}${csv([[...header, ...(formNames ? [style.form] : []), ...labels.values()]], style)}`;
  let cursor: UserCursor | null = null;
  do {
    await drained?.();
    if (signal?.aborted) return;
    const page: ExportedRow[] = await select<ExportedRow>(
      pool,
      exportSql({ filter: sorted, cursor, limit: pageSize, ...site }),
    );
    if (page.length > 0)
      yield csv(
        page.map(({ answers, withdrawnAt, ...row }) => {
          const given = new Map(
            answerWords(questions, readAnswers(answers), style.locale).map(({ key, parts }) => [key, parts]),
          );
          const told = [...labels.keys()].map((key) => {
            const parts = given.get(key);
            return parts ? parts.map((part) => cellOf(part, questions.get(key))).join("; ") : null;
          });
          const form = formNames ? [row.isRegistration ? formNames.get(row.formId ?? firstFormId) : null] : [];
          return [...cells({ ...toUserRow(row), withdrawnAt }, style, zone), ...form, ...told];
        }),
        style,
      );
    const last = page.length === pageSize ? page.at(-1) : undefined;
    cursor = last ? { direction: "after", key: keyOf(sorted.sort, last), id: last.id } : null;
  } while (cursor);
}

/**
 * A column for each question of the site, also the removed ones. Where its words are those of another column, it is told
 * apart by its key, by which an import knows it again.
 */
function headersOf(
  questions: ReadonlyMap<string, Question>,
  { locale, columns: own, form }: ExportStyle,
): Map<string, string> {
  const label = (question: Question) => wordsIn(question.label, locale) || question.key;
  const all = [...questions.values()];
  return new Map(
    all.map((question) => {
      const others = [...all.filter((other) => other !== question).map(label), ...Object.values(own), form].map(folded);
      const isShared = others.includes(folded(label(question)));
      return [question.key, isShared ? `${label(question)} (${question.key})` : label(question)];
    }),
  );
}

/** What a form is called in its column: its name, or its address where an import would not take that name for this form. */
const formNamesOf = (forms: readonly Form[], { firstForm }: ExportStyle): Map<number, string> =>
  new Map(
    forms.map((form) => {
      const isKnown = form.name !== "" && formNamed(forms, form.name) === form;
      return [form.id, isKnown ? form.name : (form.slug ?? firstForm)];
    }),
  );

/**
 * The words of an option, or its stored value where another option has the same words; those that are offered no longer
 * take none from one that is offered.
 */
function cellOf({ value, text }: AnswerWords["parts"][number], question: Question | undefined): string {
  if (!question) return text;
  const { options, former } = question;
  const isOffered = options.some((option) => option.value === value);
  const others = everyOptionOf(question).filter((option) => option.value !== value);
  const taken = others.flatMap((option) =>
    isOffered && former.includes(option) ? [option.value] : [option.value, option.label.en, option.label.ru],
  );
  return taken.map(folded).includes(folded(text)) ? value : text;
}

const csv = (rows: unknown[][], { delimiter }: ExportStyle) =>
  stringify(rows, { delimiter, ...formulaGuard, record_delimiter: "windows", quote_record_delimiter: true });

function cells(
  row: UserRow & Pick<ExportedRow, "withdrawnAt">,
  style: ExportStyle,
  zone: string,
): (string | number | null)[] {
  const moment = (at: string | Date) => clockTime(zone, new Date(at));
  const shown = {
    ...row,
    phone: row.phoneExtension ? `${row.phone} ${style.phoneExtension(row.phoneExtension)}` : row.phone,
    createdAt: moment(row.createdAt),
    isPaid: row.isPaid ? style.paid : style.unpaid,
    paidAt: row.paidAt && moment(row.paidAt),
    withdrawnAt: row.withdrawnAt && moment(row.withdrawnAt),
    crmState: row.isRegistration ? style.crmStates[row.crmState] : null,
  };
  return exportColumns.map((column) => shown[column]);
}
