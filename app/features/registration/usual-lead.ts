import { texts } from "~/i18n/locale";

/** Below the heading of a form whose owner wrote nothing there. */
export const usualLead = texts("It takes less than a minute.", "Это займёт меньше минуты.");
