import { texts } from "~/i18n/locale";

/** What an administrator reads about the form on other sites. */
export const embedLinesTexts = texts(
  {
    allowed: "These sites may show the form now:",
    none: "No site may show the form yet: name one above, then copy a line into its page.",
    first: "The first form",
    script:
      "Put this line where the form is to stand. It follows the form's height and hands the page's marks and click ids over.",
    frame:
      "Or this frame, where the page allows no script of another site. Its height stays; marks come as far as the browser tells the page's address.",
    title: "Registration",
    preview: (form: string) => `Preview: ${form}`,
    real: "This is the real form: what is sent here registers a person.",
    open: "Open it in a new tab",
  },
  {
    allowed: "Сейчас форму могут показывать сайты:",
    none: "Пока форму не может показывать ни один сайт: назовите его выше, затем скопируйте строку на его страницу.",
    first: "Первая форма",
    script:
      "Вставьте эту строку туда, где нужна форма. Высота подстроится сама, метки и идентификаторы кликов страницы попадут в заявку.",
    frame:
      "Или эту рамку, если страница не допускает скриптов с других сайтов. Высота постоянная; метки придут, если браузер передаёт адрес страницы.",
    title: "Регистрация",
    preview: (form) => `Как выглядит: ${form}`,
    real: "Это настоящая форма: отправленное здесь станет заявкой.",
    open: "Открыть в новой вкладке",
  },
);
