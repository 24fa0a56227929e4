import { texts } from "~/i18n/locale";
import type { Size } from "~server/platform/picture-limits";
import { maxPictureBytes, maxPictureSide } from "~server/platform/picture-limits";

/** The page of the logo. */
export const logoTexts = texts(
  {
    title: "Logo",
    lead: "Shown in the header of every page and above the form on other sites, in place of the name.",
    none: "There is no logo: the header shows the name.",
    file: "Picture",
    hint: `PNG, JPEG or WebP, at most ${maxPictureBytes / 1000}\u00a0kB and ${maxPictureSide} pixels a side. It is shown 36 pixels high, in the dark theme on a light background.`,
    upload: "Upload",
    uploading: "Uploading…",
    remove: "Remove the logo",
    saved: "Saved. Changes apply everywhere within seconds and can be undone in the list of changes.",
    removed: "The logo is removed: the header shows the name. This can be undone in the list of changes.",
    faults: {
      empty: "Choose a picture first: no file was sent, or an empty one.",
      several: "Several files were sent. Choose one.",
      svg: "SVG is not accepted: such a drawing may contain a script that would run in visitors' browsers. Save it as PNG.",
      type: "This is not a PNG, JPEG or WebP picture. What counts is the file's content, not its name.",
      damaged:
        "The picture is damaged or incomplete, or something was appended to it. Save it again and upload the copy.",
      bytes: `The file is larger than ${maxPictureBytes / 1000}\u00a0kB. Make the picture smaller.`,
      sides: ({ width, height }: Size) =>
        `The picture is ${width} × ${height} pixels; a side has at most ${maxPictureSide}. Make it smaller.`,
      locked: "The logo is set in the environment and cannot be changed here.",
      conflict:
        "Another administrator has changed the logo in the meantime, so nothing was saved. The page now shows the current one.",
    },
  },
  {
    title: "Логотип",
    lead: "Показывается вместо названия в шапке каждой страницы и над формой на других сайтах.",
    none: "Логотипа нет: в шапке название.",
    file: "Картинка",
    hint: `PNG, JPEG или WebP, не больше ${maxPictureBytes / 1000}\u00a0КБ и ${maxPictureSide} пикселей по стороне. Показывается высотой 36 пикселей, в тёмной теме — на светлой подложке.`,
    upload: "Загрузить",
    uploading: "Загружается…",
    remove: "Убрать логотип",
    saved: "Сохранено. Изменения вступят в силу через несколько секунд. Вернуть прежнее можно в списке изменений.",
    removed: "Логотип убран: в шапке снова название. Вернуть его можно в списке изменений.",
    faults: {
      empty: "Сначала выберите картинку: ничего не пришло, или файл пуст.",
      several: "Пришло несколько файлов. Выберите один.",
      svg: "SVG не принимается: в таком рисунке может быть программа, которая сработает у посетителей. Сохраните его как PNG.",
      type: "Это не PNG, не JPEG и не WebP. Важно, что внутри файла, а не как он называется.",
      damaged: "Картинка повреждена, неполная, или к её концу что-то приписано. Сохраните её заново и загрузите.",
      bytes: `Файл больше ${maxPictureBytes / 1000}\u00a0КБ. Уменьшите картинку.`,
      sides: ({ width, height }) =>
        `Размер картинки — ${width} × ${height} пикселей, а по стороне можно не больше ${maxPictureSide}. Уменьшите её.`,
      locked: "Логотип задан переменной окружения, здесь его не изменить.",
      conflict:
        "За это время логотип изменил другой администратор, поэтому ничего не сохранено. На странице теперь текущий логотип.",
    },
  },
);
