import { texts } from "~/i18n/locale";
import type { Size } from "~server/platform/picture-limits";
import { maxPictureSide } from "~server/platform/picture-limits";

/** The page of the logo. */
export const logoTexts = texts(
  {
    title: "Logo",
    lead: "Stands in the header of every page and above the form on other sites, in the place of the name.",
    none: "There is no logo: the header shows the name.",
    file: "Picture",
    hint: `PNG, JPEG or WebP, at most 500 kB and ${maxPictureSide} pixels a side. It is shown 36 pixels high, in the dark scheme on a light ground.`,
    upload: "Upload",
    uploading: "Uploading…",
    remove: "Remove the logo",
    saved: "Saved. In a few seconds it is so everywhere. The list of changes has the way back.",
    removed: "The logo is removed: the header shows the name. The list of changes has the way back.",
    faults: {
      empty: "Choose a picture first: nothing was sent, or an empty file.",
      several: "Several files were sent. Choose one.",
      svg: "SVG is not taken: such a drawing may hold a program that would run for the visitors. Save it as PNG.",
      type: "This is no PNG, JPEG or WebP. What counts is what is in the file, not its name.",
      damaged: "The picture is damaged, incomplete, or something else hangs on its end. Save it again and upload that.",
      bytes: "The file is larger than 500 kB. Make the picture smaller.",
      sides: ({ width, height }: Size) =>
        `The picture is ${width} × ${height} pixels; a side has at most ${maxPictureSide}. Make it smaller.`,
      locked: "The logo is set in the environment and cannot be changed here.",
      conflict: "Meanwhile another administrator has changed the logo; nothing was saved. The page now shows theirs.",
    },
  },
  {
    title: "Логотип",
    lead: "Стоит вместо названия в шапке каждой страницы и над формой на других сайтах.",
    none: "Логотипа нет: в шапке название.",
    file: "Картинка",
    hint: `PNG, JPEG или WebP, не больше 500 КБ и ${maxPictureSide} пикселей по стороне. Показывается высотой 36 пикселей, в тёмной теме — на светлой подложке.`,
    upload: "Загрузить",
    uploading: "Загружается…",
    remove: "Убрать логотип",
    saved: "Сохранено. Через несколько секунд это подействует везде. Вернуть прежнее можно в списке изменений.",
    removed: "Логотип убран: в шапке снова название. Вернуть его можно в списке изменений.",
    faults: {
      empty: "Сначала выберите картинку: ничего не пришло, или файл пуст.",
      several: "Пришло несколько файлов. Выберите один.",
      svg: "SVG не принимается: в таком рисунке может быть программа, которая сработает у посетителей. Сохраните его как PNG.",
      type: "Это не PNG, не JPEG и не WebP. Важно, что внутри файла, а не как он называется.",
      damaged: "Картинка повреждена, неполная, или к её концу что-то приписано. Сохраните её заново и загрузите.",
      bytes: "Файл больше 500 КБ. Уменьшите картинку.",
      sides: ({ width, height }) =>
        `Размер картинки — ${width} × ${height} пикселей, а по стороне можно не больше ${maxPictureSide}. Уменьшите её.`,
      locked: "Логотип задан в окружении, здесь его не изменить.",
      conflict:
        "Тем временем логотип изменил другой администратор, и ничего не сохранено. На странице теперь нынешний.",
    },
  },
);
