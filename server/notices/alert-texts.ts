import type { Alert, AlertFacts } from "../alerts/kinds";
import { dealRemovedCode } from "../bitrix24/ownership-errors";
import type { Env } from "../platform/env";
import { type Locale, locales } from "../platform/locales";
import { ruPlural } from "../platform/plural";
import { reasonOf } from "../queue/reasons";
import { isLocked } from "../settings/settings";
import { waitWords } from "./wait-texts";

export interface AlertWords {
  title: string;
  text: string;
}

/** One cause in a message. */
export type AlertItem = Alert & { cause: string; count: number; since: string; isOver: boolean };

type Deps = { env: Env };
type Told<Kind extends keyof AlertFacts> = { facts: AlertFacts[Kind]; count: number; isOver: boolean; locale: Locale };
type Words = { [Kind in keyof AlertFacts]: (deps: Deps, told: Told<Kind>) => AlertWords };

const named = ({ code, field }: { code: string; field?: string | null }) => [code, field].filter(Boolean).join(", ");

const words: Words = {
  queue({ env }, { facts, isOver, locale }) {
    const page = `${env.APP_URL}/admin/crm`;
    if (isOver)
      return locale === "en"
        ? {
            title: "Bitrix24: registrations are sent again",
            text: `The cause of the pause is over (${named(facts)}). ${page}`,
          }
        : {
            title: "Битрикс24: регистрации снова отправляются",
            text: `Причины паузы больше нет (${named(facts)}). ${page}`,
          };
    const { what, todo } = reasonOf(locale, { code: facts.code, field: facts.field, reach: "everybody" });
    return locale === "en"
      ? {
          title: `Bitrix24: the queue is paused (${named(facts)})`,
          text: `${what}\n${todo}\nRegistrations are kept and wait. Queue status: ${page}`,
        }
      : {
          title: `Битрикс24: очередь остановлена (${named(facts)})`,
          text: `${what}\n${todo}\nРегистрации сохранены и ждут. Состояние очереди: ${page}`,
        };
  },
  form({ env }, { facts, isOver, locale }) {
    const page = `${env.APP_URL}/admin/settings/forms/${facts.formId}`;
    const { what, todo } = reasonOf(locale, { code: facts.code, field: facts.field, reach: "form" });
    const name = facts.name ?? (locale === "en" ? "Main form" : "Основная форма");
    if (locale === "en")
      return isOver
        ? { title: `Bitrix24: registrations of all forms are sent again (${named(facts)})`, text: page }
        : {
            title: `Bitrix24: a form's registrations wait (${named(facts)})`,
            text: `Registrations of the form “${name}” are kept and wait; those of other forms are sent.\n${what}\n${todo}\n${page}`,
          };
    return isOver
      ? { title: `Битрикс24: регистрации всех форм снова отправляются (${named(facts)})`, text: page }
      : {
          title: `Битрикс24: регистрации формы ждут (${named(facts)})`,
          text: `Регистрации формы «${name}» сохранены и ждут; регистрации других форм отправляются.\n${what}\n${todo}\n${page}`,
        };
  },
  wait: ({ env }, { facts, isOver, locale }) => waitWords(env, { facts, isOver, locale }),
  responsible({ env }, { facts: { id }, isOver, locale }) {
    const page = `${env.APP_URL}/admin/settings/deal`;
    const check = `${env.APP_URL}/bitrix24-test`;
    const locked = isLocked({ env }, "responsible");
    if (locale === "en")
      return isOver
        ? { title: `Bitrix24: employee ${id} is accepted again`, text: `Employee ${id} gets deals in turn again.` }
        : {
            title: `Bitrix24: employee ${id} is refused as responsible`,
            text: `Bitrix24 does not accept employee ${id} as responsible: the employee was dismissed or does not exist, or the webhook may not assign them. The next in turn gets the deals, or the webhook's owner where there is no other. Registrations are still sent.\n${locked ? "Correct BITRIX24_ASSIGNED_BY_IDS" : `Choose the responsible persons again at ${page}`}, or reinstate the employee on the portal: they get deals again within an hour.\n${check}`,
          };
    return isOver
      ? {
          title: `Битрикс24: сотрудника ${id} снова принимают`,
          text: `Сотрудник ${id} снова получает сделки по очереди.`,
        }
      : {
          title: `Битрикс24: сотрудника ${id} не принимают как ответственного`,
          text: `Битрикс24 не принимает сотрудника ${id} как ответственного: он уволен, такого сотрудника нет или вебхуку нельзя его назначать. Сделки получает следующий по очереди, а если других нет — владелец вебхука. Отправка продолжается.\n${locked ? "Исправьте BITRIX24_ASSIGNED_BY_IDS" : `Выберите ответственных заново на странице ${page}`} или верните сотрудника на портал — тогда в течение часа ему снова начнут доставаться сделки.\n${check}`,
        };
  },
  signUps({ env }, { facts: { recent, usual }, isOver, locale }) {
    const page = `${env.APP_URL}/admin/review`;
    if (locale === "en")
      return isOver
        ? { title: "Registrations are back to normal", text: `The rush is over. ${page}` }
        : {
            title: `Registrations: ${recent} within 10 minutes`,
            text: `That is far more than usual (${usual}). Forms now check visitors' browsers; registrations that do not pass are held for review. Look at them, or hold all new ones: ${page}`,
          };
    return isOver
      ? { title: "Регистраций снова столько, сколько обычно", text: `Наплыв закончился. ${page}` }
      : {
          title: `Регистраций за 10 минут: ${recent}`,
          text: `Это намного больше обычного (${usual}). Теперь формы незаметно проверяют браузер; регистрации, не прошедшие проверку, ждут вашего решения. Посмотрите их или придержите все новые: ${page}`,
        };
  },
  unpriced({ env }, { facts: { id }, isOver, locale }) {
    const page = `${env.APP_URL}/admin/settings/deal`;
    const locked = isLocked({ env }, "price");
    if (locale === "en")
      return isOver
        ? {
            title: `Bitrix24: deals with product ${id} are no longer made without an amount, or the product was confirmed to be free`,
            text: page,
          }
        : {
            title: `Bitrix24: product ${id} costs 0 USD`,
            text: `Deals with product ${id} are made without an amount, because its price on the portal is 0. Registrations are still sent.\nGive it a price in USD there. If it is free, say so: ${locked ? "set BITRIX24_PRICE_USD=0" : `enter the price 0 at ${page}`}.`,
          };
    return isOver
      ? {
          title: `Битрикс24: сделки с товаром ${id} больше не создаются без суммы, или он подтверждён как бесплатный`,
          text: page,
        }
      : {
          title: `Битрикс24: товар ${id} стоит 0 USD`,
          text: `Сделки с товаром ${id} создаются без суммы: на портале его цена 0. Отправка продолжается.\nЗадайте ему там цену в USD. Если он бесплатный, подтвердите это: ${locked ? "задайте BITRIX24_PRICE_USD=0" : `укажите цену 0 на странице ${page}`}.`,
        };
  },
  moved({ env }, { isOver, locale }) {
    const page = `${env.APP_URL}/admin/portal`;
    if (locale === "en")
      return isOver
        ? { title: "Bitrix24: the question about the database is answered", text: page }
        : {
            title: "Bitrix24: this database was moved or copied",
            text: `The database was moved or copied. New registrations are still sent; records created earlier are not changed until you answer: ${page}`,
          };
    return isOver
      ? { title: "Битрикс24: на вопрос о базе данных ответили", text: page }
      : {
          title: "Битрикс24: базу данных перенесли или скопировали",
          text: `База данных перенесена или скопирована. Новые регистрации передаются; записи, созданные раньше, не меняются, пока вы не ответите: ${page}`,
        };
  },
  failed({ env }, { facts, count, isOver, locale }) {
    const one = `${env.APP_URL}/admin/users/${facts.userId}`;
    const page = count === 1 ? one : `${env.APP_URL}/admin/users?crm=failed`;
    const isRemoved = facts.code === dealRemovedCode;
    const toDecide = `${env.APP_URL}/admin/conflicts`;
    const { what, todo } = reasonOf(locale, { code: facts.code, field: facts.field, reach: "one" });
    if (locale === "en") {
      const who = count === 1 ? `registration ${facts.userId}` : `${count} registrations`;
      return isOver
        ? { title: `Bitrix24: no failed registrations are left (${named(facts)})`, text: `${env.APP_URL}/admin/crm` }
        : {
            title: `Bitrix24: ${who} failed permanently (${named(facts)})`,
            text: `${what}\n${todo}\n${isRemoved ? toDecide : `${count === 1 ? "It" : "They"} can be sent again: ${page}`}`,
          };
    }
    const who = count === 1 ? `регистрация ${facts.userId} не дошла` : `не дошло регистраций: ${count}`;
    return isOver
      ? {
          title: `Битрикс24: неотправленных регистраций не осталось (${named(facts)})`,
          text: `${env.APP_URL}/admin/crm`,
        }
      : {
          title: `Битрикс24: ${who} (${named(facts)})`,
          text: `${what}\n${todo}\n${isRemoved ? toDecide : `Отправить заново: ${page}`}`,
        };
  },
  erasure({ env }, { facts: { code, userId }, count, isOver, locale }) {
    const page = count === 1 ? `${env.APP_URL}/admin/rights/${userId}` : `${env.APP_URL}/admin/rights`;
    if (locale === "en") {
      const who = count === 1 ? `person ${userId}` : `${count} people`;
      return isOver
        ? { title: `Bitrix24: erasures are no longer refused (${code})`, text: `${env.APP_URL}/admin/rights` }
        : {
            title: `Bitrix24: the erasure of ${who} is refused (${code})`,
            text: `It is retried automatically. The reason, and what can be done instead: ${page}`,
          };
    }
    const who =
      count === 1 ? `данные человека ${userId}` : `данные ${ruPlural(count, "человека", "человек", "человек")}`;
    return isOver
      ? { title: `Битрикс24: отказов в удалении больше нет (${code})`, text: `${env.APP_URL}/admin/rights` }
      : {
          title: `Битрикс24: портал не даёт удалить ${who} (${code})`,
          text: `Попытки продолжаются. Почему так и что можно сделать: ${page}`,
        };
  },
  hidden({ env }, { facts: { contactId }, isOver, locale }) {
    const check = `${env.APP_URL}/bitrix24-test`;
    if (locale === "en")
      return isOver
        ? { title: "Bitrix24: no hidden contact was met for a week", text: check }
        : {
            title: "Bitrix24: known customers cannot be recognised",
            text: `The search for duplicates names contacts that the webhook's owner may not read, among them contact ${contactId}. Registrations still arrive, but such a customer gets a second contact. Let the owner read all contacts, or make the webhook as an administrator, and merge what was doubled on the portal. ${check}`,
          };
    return isOver
      ? { title: "Битрикс24: за неделю ни одного скрытого контакта", text: check }
      : {
          title: "Битрикс24: известных клиентов не узнать",
          text: `Поиск дубликатов находит контакты, которые владельцу вебхука не видны, например контакт ${contactId}. Регистрации доходят, но у такого клиента появляется второй контакт. Дайте владельцу право читать все контакты или создайте вебхук от имени администратора, а уже возникшие дубликаты объедините на портале. ${check}`,
        };
  },
  unread({ env }, { facts: { code, userId }, count, isOver, locale }) {
    const page = `${env.APP_URL}/admin/users/${userId}`;
    if (locale === "en") {
      const whose = count === 1 ? `the deal of person ${userId}` : `deals of ${count} people`;
      return isOver
        ? { title: "Bitrix24: all deals can be read again", text: page }
        : {
            title: `Bitrix24: ${whose} cannot be read (${code})`,
            text: `Bitrix24 answers, but not about such a deal or its contact. Its payment and stage are not compared; all others are. It is asked again automatically. Check that the webhook's owner may read the deal, then open it on the portal and save it; if that does not help, ask the support of Bitrix24. ${page}`,
          };
    }
    const whose =
      count === 1
        ? `сделка человека ${userId} не читается`
        : `не читаются сделки ${ruPlural(count, "человека", "человек", "человек")}`;
    return isOver
      ? { title: "Битрикс24: все сделки снова читаются", text: page }
      : {
          title: `Битрикс24: ${whose} (${code})`,
          text: `Битрикс24 отвечает, но не отдаёт такую сделку или её контакт. Её оплата и стадия не сверяются, остальные — как обычно. Попытки продолжаются. Проверьте, что владельцу вебхука видна эта сделка, затем откройте её на портале и сохраните; если не поможет, обратитесь в поддержку Битрикс24. ${page}`,
        };
  },
};

function wordsOf(deps: Deps, item: AlertItem, locale: Locale): AlertWords {
  // The facts belong to the kind; TypeScript does not follow that through the table.
  const of = words[item.kind] as (deps: Deps, told: Omit<Told<never>, "facts"> & { facts: unknown }) => AlertWords;
  return of(deps, { facts: item.facts, count: item.count, isOver: item.isOver, locale });
}

/** What a message says, in the language of the settings; several causes make a digest. */
export function messageWords(deps: Deps, items: readonly AlertItem[]): AlertWords {
  const { ALERT_LANGUAGE: language } = deps.env;
  const spoken = language === "both" ? locales : [language];
  const titled = spoken[spoken.length - 1] ?? "en";
  const [first] = items;
  const title = first ? wordsOf(deps, first, titled).title : "";
  const more = items.length > 1 ? ` (+${items.length - 1})` : "";
  const text = items
    .flatMap((item) =>
      spoken.map((locale) => {
        const { title: heading, text: body } = wordsOf(deps, item, locale);
        return items.length > 1 || locale !== titled ? `${heading}\n${body}` : body;
      }),
    )
    .join("\n\n");
  return { title: `${title}${more}`, text };
}
