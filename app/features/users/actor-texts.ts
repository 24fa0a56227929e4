import { texts } from "~/i18n/locale";
import type { ActorRef } from "~server/audit/actor";

/** Who did something, where no name says it. */
export const actorTexts = texts<Record<ActorRef["kind"], (id: number | null) => string>>(
  {
    USER: (id) => `User ${id}`,
    TOKEN: (id) => `API token ${id}`,
    BITRIX24: () => "Bitrix24",
    SYSTEM: () => "The system",
  },
  {
    USER: (id) => `Пользователь ${id}`,
    TOKEN: (id) => `API-токен ${id}`,
    BITRIX24: () => "Битрикс24",
    SYSTEM: () => "Система",
  },
);
