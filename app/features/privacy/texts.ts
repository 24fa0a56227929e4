import { texts } from "~/i18n/locale";

/** The privacy page, and who answers for it. */
export const privacyTexts = texts(
  {
    askYourContact: "Please turn to the person who deals with your application.",
  },
  {
    askYourContact: "Обратитесь к сотруднику, который ведёт вашу заявку.",
  },
);
