/** Method texts come in the portal's language and are no contract: a client that matches English must fail against Russian. */
const texts = {
  accessDenied: ["Access denied.", "Доступ запрещён."],
  mayNotSee: ["You do not have permission to view this item", "У Вас нет прав на просмотр этого элемента"],
  fieldsNotArray: ["Parameter 'fields' must be array.", "Параметр 'fields' должен быть массивом."],
  linkOwnerInvalid: [
    "The parameter 'ownerEntityID' is invalid or not defined.",
    "Параметр 'ownerEntityID' не задан или некорректен.",
  ],
  linkFieldsNotArray: ["The parameter 'fields' must be array.", "Параметр 'fields' должен быть массивом."],
  linkFieldsInvalid: ["The parameter 'fields' is not valid.", "Параметр 'fields' некорректен."],
  linkItemsNotArray: ["The parameter items must be array.", "Параметр items должен быть массивом."],
  idInvalid: ["ID is not defined or invalid.", "ID не задан или некорректен."],
  notFound: ["Not found", "Не найдено"],
  companyNotFound: ["Company is not found", "Компания не найдена"],
  contactNotFound: ["Contact is not found", "Контакт не найден"],
  elementNotFound: ["Element not found", "Элемент не найден"],
  ownerNotFound: ["Owner was not found", "Владелец не найден"],
  mergeTypeRequired: ["The parameter entityTypeId is required.", "Не указан параметр entityTypeId."],
  mergeIdsInvalid: [
    "The parameter entityIds does not contains valid elements.",
    "В параметре entityIds нет подходящих элементов.",
  ],
  mergeIdsTooFew: [
    "The parameter entityIds must contains at least two elements.",
    "В параметре entityIds должно быть не меньше двух элементов.",
  ],
  typeNotFound: ["Smart process not found", "Смарт-процесс не найден"],
  typeNotSupported: ["Entity type is not supported", "Тип объекта не поддерживается"],
  nameRequired: ["The first or last name is required", "Не заполнено имя или фамилия"],
  emailInvalid: ["The e-mail address is invalid", "Некорректный e-mail"],
  rowsIdInvalid: ["The parameter id is invalid or not defined.", "Параметр id не задан или некорректен."],
  rowsNotFound: ["Not found.", "Не найдено."],
  discountRate: ["Discount rate is required for percentage discount.", "Не задан процент скидки."],
  discountSum: ["Discount sum is required.", "Не задана сумма скидки."],
  communicationType: ["Communication type is not defined.", "Тип средства связи не задан."],
  communicationValues: ["Communication values is not defined.", "Значения средства связи не заданы."],
  commentEmpty: ["Empty comment message", "Пустой комментарий"],
  productNotFound: ["Product does not exist", "Товар не существует"],
  noRowField: ["No field can be updated", "Нет полей, которые можно изменить"],
  noPermission: ["Insufficient permissions", "Недостаточно прав"],
  paymentNotFound: ["Payment has not been found", "Оплата не найдена"],
  importSize: ["Maximum import batch size exceeded", "Превышен размер пакета импорта"],
  appContext: ["Access denied! Application context required", "Доступ запрещён! Нужен контекст приложения"],
  orderNotArray: ["Parameter 'order' must be array.", "Параметр 'order' должен быть массивом."],
  filterNotArray: ["Parameter 'filter' must be array.", "Параметр 'filter' должен быть массивом."],
  paramsNotArray: ["Parameter 'params' must be array.", "Параметр 'params' должен быть массивом."],
  deal: ["Deal", "Сделка"],
  lead: ["Lead", "Лид"],
  company: ["Company", "Компания"],
  product: ["Product", "Товар"],
  nameless: ["Contact", "Контакт"],
} as const;

export type TextKey = keyof typeof texts;
export type Language = "en" | "ru";

export function text(key: TextKey, language: Language): string {
  return texts[key][language === "ru" ? 1 : 0];
}

/** Sentences with a name in them. */
export const sentences = {
  en: {
    invalidField: (field: string) => `Invalid value for the "${field}" field`,
    requiredField: (field: string) => `The field "${field}" is required.`,
    tooLong: (field: string, length: number) => `The "${field}" field cannot be longer than ${length} characters.`,
    missingLegacyField: (field: string) => `The required field '${field}' is missing.<br />`,
    missingParameter: (name: string) => `Could not find value for parameter {${name}}`,
    notIterable: (type: string) => `Expected iterable value for multiple field, but got ${type} instead`,
    filterField: (field: string) => `Invalid filter: field '${field}' is not allowed in filter`,
    filterValue: (field: string) => `Invalid filter: field '${field}' has invalid value`,
    orderField: (field: string) => `Invalid order: field '${field}' is not allowed in order`,
    orderDirection: (field: string, got: string) =>
      `Invalid order: allowed sort directions are ASC, DESC. But got '${got}' for field '${field}'`,
    typeNotSupported: (type: string) => `Entity type ${type} is not supported`,
    entityNotFound: (id: number) => `The entity with ID '${id}' is not found`,
    mergeType: (type: string) => `Entity type ${type} is not supported`,
    communicationKind: (type: string) => `Communication type '${type}' is not supported in current context.`,
  },
  ru: {
    invalidField: (field: string) => `Неверное значение поля "${field}"`,
    requiredField: (field: string) => `Поле "${field}" обязательно для заполнения`,
    tooLong: (field: string, length: number) => `Поле "${field}" не должно быть длиннее ${length} символов.`,
    missingLegacyField: (field: string) => `Не заполнено обязательное поле "${field}".<br />`,
    missingParameter: (name: string) => `Не найдено значение параметра {${name}}`,
    notIterable: (type: string) => `Для множественного поля ожидается набор значений, получено: ${type}`,
    filterField: (field: string) => `Неверный фильтр: поле '${field}' недоступно`,
    filterValue: (field: string) => `Неверный фильтр: неверное значение поля '${field}'`,
    orderField: (field: string) => `Неверная сортировка: поле '${field}' недоступно`,
    orderDirection: (field: string, got: string) =>
      `Неверная сортировка: допустимые направления ASC, DESC, а у поля '${field}' — '${got}'`,
    typeNotSupported: (type: string) => `Тип объекта ${type} не поддерживается`,
    entityNotFound: (id: number) => `Элемент с ID '${id}' не найден`,
    mergeType: (type: string) => `Тип ${type} не поддерживается`,
    communicationKind: (type: string) => `Тип средства связи '${type}' здесь не поддерживается.`,
  },
};
