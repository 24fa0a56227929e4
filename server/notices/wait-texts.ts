import { countedAtMost, type WaitFacts } from "../alerts/kinds";
import type { Env } from "../platform/env";
import type { Locale } from "../platform/locales";
import { reasonOf } from "../queue/reasons";
import type { AlertWords } from "./alert-texts";

/** Where the count has stopped there may be more. */
const enNumber = (count: number): string =>
  `${count < countedAtMost ? "" : "at least "}${count.toLocaleString("en-GB")}`;
const ruNumber = (count: number): string =>
  `${count < countedAtMost ? "" : "не меньше "}${count.toLocaleString("ru-RU")}`;

const words = {
  en: {
    title: (minutes: number) => `Bitrix24: a registration has been waiting for ${minutes} min`,
    overTitle: "Bitrix24: registrations get through again",
    waits: (minutes: number, waiting: number) =>
      `A registration has been waiting for Bitrix24 for ${minutes} min; ${enNumber(waiting)} ${waiting === 1 ? "has" : "have"} waited too long. All are kept.`,
    admin: "An administrator has paused the queue.\nResume it on the page below.",
    silent:
      "No worker has reported lately, so registrations are not sent to Bitrix24.\nStart a process with ROLE=all or ROLE=worker.",
    slow: (arrived: number) =>
      `The queue is moving: ${arrived} arrived within the last ten minutes. There are more registrations than the allowed pace can send.\nNothing needs to be done. If this continues, raise BITRIX24_REQUESTS_PER_SECOND as far as the portal's plan allows.`,
    unknown: "No attempt has failed, but no registration has reached Bitrix24 either.\nCheck the worker's log.",
    over: "No registration is waiting too long now.",
    still: (count: number) =>
      `Registrations reach Bitrix24 again; ${enNumber(count)} more ${count === 1 ? "waits" : "wait"} for reasons of their own. The list shows them.`,
    where: "Queue status:",
  },
  ru: {
    title: (minutes: number) => `Битрикс24: регистрация ждёт отправки уже ${minutes} мин`,
    overTitle: "Битрикс24: регистрации снова доходят",
    waits: (minutes: number, waiting: number) =>
      `Регистрация ждёт отправки в Битрикс24 уже ${minutes} мин. Слишком долго ждут: ${ruNumber(waiting)}. Все они сохранены.`,
    admin: "Очередь остановил администратор, и никто её не возобновил.\nВозобновите её на странице по ссылке ниже.",
    silent:
      "Обработчик не отвечает, поэтому регистрации не отправляются.\nЗапустите процесс с ROLE=all или ROLE=worker.",
    slow: (arrived: number) =>
      `Очередь движется: за последние десять минут дошло ${arrived}. Регистраций приходит больше, чем можно отправлять.\nНичего делать не нужно. Если это продолжается, увеличьте BITRIX24_REQUESTS_PER_SECOND, насколько позволяет тариф портала.`,
    unknown: "Ошибок не было, но регистрации до Битрикс24 не доходят.\nПосмотрите журнал обработчика.",
    over: "Ни одна регистрация больше не ждёт слишком долго.",
    still: (count: number) =>
      `Регистрации снова доходят до Битрикс24. Ещё ждут по своим причинам: ${ruNumber(count)}. Они есть в списке.`,
    where: "Состояние очереди:",
  },
} as const;

/** The cause and the remedy, as far as they are known. */
function cause(locale: Locale, facts: WaitFacts): string {
  const { pausedBy, workerSilent, syncedLast10Minutes, code, field, forAll } = facts;
  const m = words[locale];
  if (pausedBy === "admin") return m.admin;
  if (workerSilent) return m.silent;
  if (pausedBy === null && forAll && syncedLast10Minutes > 0) return m.slow(syncedLast10Minutes);
  if (!code) return m.unknown;
  const reach = forAll ? (pausedBy === null ? "form" : "everybody") : "one";
  const { what, todo } = reasonOf(locale, { code, field, reach });
  return `${what} (${code})\n${todo}`;
}

export function waitWords(
  { APP_URL }: Pick<Env, "APP_URL">,
  { facts, isOver, locale }: { facts: WaitFacts; isOver: boolean; locale: Locale },
): AlertWords {
  const m = words[locale];
  const { oldestMinutes, waiting, still = 0 } = facts;
  const body = isOver
    ? still > 0
      ? m.still(still)
      : m.over
    : `${m.waits(oldestMinutes, waiting)}\n${cause(locale, facts)}`;
  return { title: isOver ? m.overTitle : m.title(oldestMinutes), text: `${body}\n${m.where} ${APP_URL}/admin/crm` };
}
