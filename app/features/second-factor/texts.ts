import { texts } from "~/i18n/locale";
import { enPlural, ruPlural } from "~server/platform/plural";

/** The code after the password, and where administrators switch it on. */
export const secondFactorTexts = texts(
  {
    title: "Second factor",
    lead: "After the password, signing in asks for a code from an app on your phone. Your password alone is then not enough to sign in.",
    back: "Back to my account",
    goOn: "Continue",
    required: "This site requires the second factor of its administrators. Set it up to continue.",
    link: { on: "Second factor: on", off: "Set up a second factor" },
    setUp: {
      title: "Set it up",
      scan: "Scan this QR code with an authenticator app: FreeOTP, Aegis, Google Authenticator, Yandex Key or another one.",
      picture: "QR code with the key for the authenticator app",
      type: "Or enter this key in the app:",
      code: "Code that the app shows",
      submit: "Turn on",
      stale: "This QR code has expired. Here is a new one: scan it, and delete the old entry in the app.",
      twice: "The second factor is already on.",
    },
    codes: {
      title: "Your recovery codes",
      text: "Each of them signs you in once if your phone is lost. They are shown now and never again: print or save them, and keep them away from the phone.",
      download: "Save as a file",
      print: "Print",
      fileName: "recovery-codes.txt",
      file: (site: string) => `Recovery codes for ${site}\nEach of them works once.`,
      saved: "I have saved them, continue",
    },
    on: {
      since: "On since",
      left: (count: number) =>
        count === 0 ? "no recovery codes left" : `${enPlural(count, "recovery code", "recovery codes")} left`,
      used: "You have signed in with a recovery code. That code no longer works.",
      renew: {
        title: "New recovery codes",
        text: "The old codes then no longer work.",
        submit: "Make new codes",
      },
      disable: {
        title: "Turn off",
        text: "For a new phone: turn the second factor off and set it up again. You will be signed out everywhere else.",
        submit: "Turn off",
      },
      password: "Password",
      code: "Code from the app, or a recovery code",
      off: "The second factor is off.",
    },
    signIn: {
      title: "Enter your code",
      description: "The second step of signing in.",
      lead: "Your password is correct. Now enter the code that your authenticator app shows.",
      code: "Code",
      hint: "Six digits from the app, or one of your recovery codes.",
      submit: "Sign in",
      lost: "Phone and recovery codes lost? The person who runs this site's server can remove the second factor on the command line.",
      again: "Start again",
    },
    wait: (duration: string) => `Too many attempts. Try again in ${duration}.`,
  },
  {
    title: "Второй фактор",
    lead: "После пароля сайт спросит код из приложения на телефоне. Тому, кто узнает ваш пароль, этого не хватит, чтобы войти.",
    back: "Вернуться в личный кабинет",
    goOn: "Продолжить",
    required: "На этом сайте администраторы входят только со вторым фактором. Настройте его, чтобы продолжить.",
    link: { on: "Второй фактор включён", off: "Настроить второй фактор" },
    setUp: {
      title: "Настройка",
      scan: "Отсканируйте QR-код приложением для кодов: Яндекс Ключ, FreeOTP, Aegis, Google Authenticator или другим.",
      picture: "QR-код с ключом для приложения",
      type: "Или введите этот ключ в приложение вручную:",
      code: "Код из приложения",
      submit: "Включить",
      stale: "QR-код устарел. Вот новый: отсканируйте его, а старую запись в приложении удалите.",
      twice: "Второй фактор уже включён.",
    },
    codes: {
      title: "Резервные коды",
      text: "Если телефон потеряется, по каждому из них можно войти один раз. Больше мы их не покажем: распечатайте или сохраните и держите отдельно от телефона.",
      download: "Сохранить в файл",
      print: "Распечатать",
      fileName: "recovery-codes.txt",
      file: (site) => `Резервные коды для ${site}\nКаждый действует один раз.`,
      saved: "Коды сохранены, продолжить",
    },
    on: {
      since: "Включён с",
      left: (count) =>
        count === 0
          ? "резервных кодов не осталось"
          : `осталось: ${ruPlural(count, "резервный код", "резервных кода", "резервных кодов")}`,
      used: "Вы вошли по резервному коду. Больше он не действует.",
      renew: {
        title: "Новые резервные коды",
        text: "Прежние перестанут действовать.",
        submit: "Создать новые коды",
      },
      disable: {
        title: "Отключить",
        text: "Чтобы перейти на новый телефон, отключите второй фактор и настройте его заново. На остальных устройствах придётся войти ещё раз.",
        submit: "Отключить",
      },
      password: "Пароль",
      code: "Код из приложения или резервный код",
      off: "Второй фактор отключён.",
    },
    signIn: {
      title: "Введите код",
      description: "Второй шаг входа.",
      lead: "Пароль верный. Теперь введите код из приложения.",
      code: "Код",
      hint: "Шесть цифр из приложения или один из резервных кодов.",
      submit: "Войти",
      lost: "Нет ни телефона, ни резервных кодов? Тот, кто обслуживает сайт, может снять второй фактор командой.",
      again: "Начать сначала",
    },
    wait: (duration) => `Слишком много попыток. Попробуйте снова через ${duration}.`,
  },
);
