/** Words about what an administrator typed into a form's page and cannot be saved. */
export const draftTexts = {
  tooLong: (most: number) => ({ en: `At most ${most} characters.`, ru: `Не больше ${most} символов.` }),
  unfit: {
    en: "This contains characters that cannot be saved, such as control characters. Type it again.",
    ru: "Здесь есть недопустимые символы, например управляющие. Наберите текст заново.",
  },
  slug: {
    en: "Lower-case Latin letters, digits and hyphens, such as spring-2027; at most 40.",
    ru: "Строчные латинские буквы, цифры и дефисы, например spring-2027; не больше 40.",
  },
  taken: { en: "Another form has this address.", ru: "Этот адрес занят другой формой." },
  label: {
    en: "A question needs words in at least one language.",
    ru: "Вопросу нужен текст хотя бы на одном языке.",
  },
  options: {
    en: "At least two different options, one per line.",
    ru: "Нужно хотя бы два разных варианта, по одному в строке.",
  },
  sameWords: {
    en: "Two options have the same words in one of the languages, so that visitors could not tell them apart.",
    ru: "У двух вариантов одинаковый текст на одном из языков: посетитель их не различит.",
  },
  unclear: {
    en: "It is not clear which option is which. Change the words in one step and add or remove options in another, or write the stored value before the words: l = Large",
    ru: "Непонятно, где какой вариант. Меняйте текст и добавляйте или удаляйте варианты по очереди или укажите перед текстом, что хранится: l = Большой",
  },
  parameter: {
    en: "The name of a parameter of the address, such as promo.",
    ru: "Нужно имя параметра адреса, например promo.",
  },
  after: { en: "Write the text in at least one language.", ru: "Напишите текст хотя бы на одном языке." },
  address: {
    en: "An address that begins with https://",
    ru: "Нужен адрес, который начинается с https://",
  },
};
