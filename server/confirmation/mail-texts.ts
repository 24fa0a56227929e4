/**
 * Mails that the server writes by itself, in the language in which the person registered. They name nobody: an address
 * may belong to another person than the one who typed it.
 */

interface Words {
  subject: string;
  text: string;
}

interface MailTexts {
  confirm(mail: { link: string; code: string; site: string }): Words;
  change(mail: { link: string; code: string; site: string }): Words;
  changed(mail: { site: string }): Words;
}

const en: MailTexts = {
  confirm: ({ link, code, site }) => ({
    subject: `Confirm your e-mail: ${code}`,
    text: `This address was used to register at ${site}.

If it was you, open this link within a day:

${link}

or enter this code in your account: ${code}

If it was not you, open the link as well: it lets you remove what was entered with your address.
`,
  }),
  change: ({ link, code, site }) => ({
    subject: `Confirm your new e-mail: ${code}`,
    text: `Someone asked to use this address for an account at ${site}.

If it was you, open this link within a day:

${link}

or enter this code in your account: ${code}

If it was not you, you do not need to do anything: without the link nothing changes.
`,
  }),
  changed: ({ site }) => ({
    subject: "Your e-mail was changed",
    text: `The e-mail of your account at ${site} was changed to another address, which has been confirmed. From now on you sign in with that one.

If it was not you, reply to this e-mail or tell the owner of the site at once.
`,
  }),
};

const ru: MailTexts = {
  confirm: ({ link, code, site }) => ({
    subject: `Подтвердите почту: ${code}`,
    text: `С этим адресом зарегистрировались на сайте ${site}.

Если это были вы, в течение суток откройте ссылку:

${link}

или введите код в личном кабинете: ${code}

Если это были не вы, тоже откройте ссылку: там можно удалить всё, что ввели с вашим адресом.
`,
  }),
  change: ({ link, code, site }) => ({
    subject: `Подтвердите новую почту: ${code}`,
    text: `Этот адрес хотят указать в аккаунте на сайте ${site}.

Если об этом просили вы, в течение суток откройте ссылку:

${link}

или введите код в личном кабинете: ${code}

Если вы об этом не просили, ничего делать не нужно: без ссылки ничего не изменится.
`,
  }),
  changed: ({ site }) => ({
    subject: "Почта изменена",
    text: `В вашем аккаунте на сайте ${site} указана другая почта, и она подтверждена. Теперь входите с новым адресом.

Если это сделали не вы, ответьте на это письмо или сразу сообщите владельцу сайта.
`,
  }),
};

/** The texts of the person's language; Russian where it is unknown. */
export const mailTexts = (locale: string): MailTexts => (locale === "en" ? en : ru);
