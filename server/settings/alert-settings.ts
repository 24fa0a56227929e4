export const emailWords = {
  en: "This does not look like an e-mail address: name@example.com",
  ru: "Не похоже на адрес почты. Пример: name@example.com",
};

/** Who is told when something goes wrong, and how. A part of definitions.ts, which says what each line means. */
export const alertSettings = {
  alertEmail: {
    group: "alerts",
    env: "ALERT_EMAIL",
    input: "email",
    receives: true,
    max: 254,
    label: { en: "Whom to alert", ru: "Кому сообщать" },
    help: {
      en: "Gets an e-mail when the queue stops, a registration fails or waits too long, or there are unusually many registrations. Empty: nobody.",
      ru: "Получает письмо, если очередь встала, регистрация не дошла или ждёт слишком долго, или регистраций необычно много. Пусто — никто.",
    },
    wrong: emailWords,
  },
  alertTelegramToken: {
    group: "alerts",
    env: "ALERT_TELEGRAM_TOKEN",
    input: "secret",
    receives: true,
    max: 200,
    label: { en: "Token of a Telegram bot", ru: "Токен бота в Telegram" },
    help: {
      en: "BotFather gives it when you make a bot. It is stored encrypted and never shown again.",
      ru: "Его выдаёт BotFather, когда вы создаёте бота. Хранится зашифрованным и больше не показывается.",
    },
    wrong: {
      en: "A token looks like 123456789:AAE… and has no spaces.",
      ru: "Токен выглядит так: 123456789:AAE…, без пробелов.",
    },
  },
  alertTelegramChat: {
    group: "alerts",
    env: "ALERT_TELEGRAM_CHAT",
    input: "text",
    receives: true,
    max: 80,
    label: { en: "Chat in Telegram", ru: "Чат в Telegram" },
    help: {
      en: "Number of the chat, such as 123456789 or -1001234567890, or a channel's @name. Write to the bot first, or add it to the group.",
      ru: "Номер чата, например 123456789 или -1001234567890, либо @имя канала. Сначала напишите боту или добавьте его в группу.",
    },
    wrong: {
      en: "A number such as -1001234567890, or @channel.",
      ru: "Нужен номер, например -1001234567890, или @канал.",
    },
  },
  alertUrl: {
    group: "alerts",
    env: "ALERT_URL",
    input: "secret",
    receives: true,
    max: 2_000,
    label: { en: "Webhook address (JSON)", ru: "Адрес вебхука (JSON)" },
    help: {
      en: "For example an incoming webhook of Slack or Mattermost. Such an address is a password: it is stored encrypted and never shown again.",
      ru: "Например, входящий вебхук Slack или Mattermost. Такой адрес — это пароль: он хранится зашифрованным и больше не показывается.",
    },
    wrong: { en: "An address such as https://example.com/hook", ru: "Нужен адрес вида https://example.com/hook" },
  },
  alertLanguage: {
    group: "alerts",
    env: "ALERT_LANGUAGE",
    input: "choice",
    choices: {
      both: { en: "Both languages", ru: "Оба языка" },
      ru: { en: "Russian", ru: "Русский" },
      en: { en: "English", ru: "Английский" },
    },
    usual: "both",
    max: 10,
    label: { en: "Language of alerts", ru: "Язык оповещений" },
    help: { en: "Of all channels.", ru: "Для всех каналов." },
    wrong: { en: "Choose a language.", ru: "Выберите язык." },
  },
  alertDigest: {
    group: "alerts",
    env: "ALERT_DIGEST_MINUTES",
    input: "number",
    usual: "5",
    max: 10,
    label: { en: "Group alerts, minutes", ru: "Объединять сообщения, минут" },
    help: {
      en: "Alerts about individual registrations are collected for this long and sent together. If sending stops altogether, you are alerted at once.",
      ru: "Сообщения об отдельных регистрациях копятся это время и приходят вместе. Если отправка остановилась совсем, сообщение приходит сразу.",
    },
    wrong: { en: "A number from 0 to 1440.", ru: "Нужно число от 0 до 1440." },
  },
  alertWait: {
    group: "alerts",
    env: "ALERT_WAIT_MINUTES",
    input: "number",
    usual: "30",
    max: 10,
    label: { en: "Longest wait, in minutes", ru: "Предел ожидания, минут" },
    help: {
      en: "A registration that waits longer for Bitrix24 is reported. 0: never.",
      ru: "О регистрации, которая ждёт Битрикс24 дольше, приходит сообщение. 0 — никогда.",
    },
    wrong: { en: "A number from 0 to 525600.", ru: "Нужно число от 0 до 525600." },
  },
} as const;
