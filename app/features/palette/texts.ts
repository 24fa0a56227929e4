import { texts } from "~/i18n/locale";

/** The palette of the administration: find a person, go to a page. */
export const paletteTexts = texts(
  {
    title: "Find a person or go to a page",
    input: "Name, e-mail, phone or page",
    close: "Close",
    results: "Results",
    pages: "Pages",
    people: "People",
    all: (typed: string) => `Show all people found by “${typed}”`,
    searching: "Searching people…",
    found: (pages: number, people: number) => `Pages: ${pages}. People: ${people}.`,
    more: "The list of people shows the rest.",
    failed: "The search for people did not answer. Open the list of people, or try again in a moment.",
  },
  {
    title: "Найти человека или открыть страницу",
    input: "Имя, почта, телефон или страница",
    close: "Закрыть",
    results: "Результаты",
    pages: "Страницы",
    people: "Люди",
    all: (typed) => `Показать всех по запросу «${typed}»`,
    searching: "Ищем людей…",
    found: (pages, people) => `Страниц: ${pages}. Людей: ${people}.`,
    more: "Остальные — в списке людей.",
    failed: "Поиск людей не ответил. Откройте список людей или попробуйте ещё раз чуть позже.",
  },
);
