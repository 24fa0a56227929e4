import { texts } from "~/i18n/locale";

/** What an administrator reads about the form on other sites. */
export const embedLinesTexts = texts(
  {
    allowed: "Sites that may show the form now:",
    none: "No site may show the form yet: add one above, then copy a line into its page.",
    first: "The main form",
    script:
      "Paste this line where the form should appear. It adjusts to the form's height and passes on the page's UTM tags and click ids.",
    frame:
      "Or paste this frame if the page allows no scripts from other sites. Its height is fixed; UTM tags arrive if the browser passes on the page's address.",
    title: "Registration",
    preview: (form: string) => `Preview: ${form}`,
    real: "This is the real form: what is sent here registers a person.",
    open: "Open it in a new tab",
  },
  {
    allowed: "Сейчас форму могут показывать сайты:",
    none: "Пока форму не может показывать ни один сайт: добавьте его адрес выше, затем скопируйте строку на его страницу.",
    first: "Основная форма",
    script:
      "Вставьте эту строку туда, где нужна форма. Высота подстроится сама, UTM-метки и идентификаторы кликов страницы попадут в заявку.",
    frame:
      "Или вставьте этот iframe, если страница не допускает скриптов с других сайтов. Высота постоянная; UTM-метки придут, если браузер передаёт адрес страницы.",
    title: "Регистрация",
    preview: (form) => `Как выглядит: ${form}`,
    real: "Это настоящая форма: отправленное здесь станет заявкой.",
    open: "Открыть в новой вкладке",
  },
);
