import { expect, test } from "vitest";
import { saysSurnameFirst, splitFullName } from "./full-name";

const split = (text: string, header = "Name") => {
  const { firstName, lastName } = splitFullName(text, saysSurnameFirst(header));
  return lastName === null ? firstName : `${firstName} | ${lastName}`;
};

test.each([
  ["ФИО", "Иванов Иван Иванович", "Иван Иванович | Иванов"],
  ["ФИО", "Иванов Иван", "Иван | Иванов"],
  ["ФИО", "Кох Марина", "Марина | Кох"],
  ["Ф. И. О.", "Кох Марина", "Марина | Кох"],
  ["Фамилия Имя", "Ли Анна", "Анна | Ли"],
  // The words themselves tell it better than the header.
  ["ФИО", "Иван Иванов", "Иван | Иванов"],
  ["ФИО", "Иван Иванович Иванов", "Иван Иванович | Иванов"],
  ["Name", "Иванов Иван Иванович", "Иван Иванович | Иванов"],
  ["Name", "Иванова Мария", "Мария | Иванова"],
  ["Name", "Абрамович Роман Аркадьевич", "Роман Аркадьевич | Абрамович"],
  ["Имя и фамилия", "Мария Кох", "Мария | Кох"],
  ["Name", "Марина Кох", "Марина | Кох"],
  ["Name", "Яков Ли", "Яков | Ли"],
  ["Name", "Константин Ли", "Константин | Ли"],
  ["Name", "Щукин Борис", "Борис | Щукин"],
  ["Name", "Ирина Ильина", "Ирина | Ильина"],
  ["Name", "John Smith", "John | Smith"],
  ["Name", "John Ronald Reuel Tolkien", "John Ronald Reuel | Tolkien"],
  ["Name", "Smith, John", "John | Smith"],
  ["ФИО", "Иванов, Иван Иванович", "Иван Иванович | Иванов"],
  ["ФИО", "Мадонна", "Мадонна"],
  ["ФИО", "Мария Ивановна", "Мария Ивановна"],
  ["Имя", "Ольга Ильинична", "Ольга Ильинична"],
  ["ФИО", "Иванова Ивановна", "Ивановна | Иванова"],
  ["ФИО", "Роман Абрамович", "Роман | Абрамович"],
  ["ФИО", "Иван Иванович", "Иван | Иванович"],
  ["ФИО", "Абрамович Роман", "Роман | Абрамович"],
  ["Name", "John Smith, Jr.", "John | Smith Jr."],
  ["Name", "John Smith Jr", "John | Smith Jr"],
  ["Name", "Smith, John, PhD", "John | Smith PhD"],
  ["Name", "John Q. Smith, III", "John Q. | Smith III"],
  ["Name", "John Smith, Jr., PhD", "John | Smith Jr. PhD"],
  ["Name", "John  Smith   Jr", "John | Smith Jr"],
  ["Name", "Smith,John,PhD", "John | Smith PhD"],
  ["Name", "Rahman, Md", "Md | Rahman"],
  ["Name", "Rahman, Md.", "Md. | Rahman"],
  ["Name", "Petrov, Iv.", "Iv. | Petrov"],
  ["Name", "Garcia, Sr", "Sr | Garcia"],
  ["Name", "Smith, Ivan", "Ivan | Smith"],
  ["Наименование", "ООО «Рога и копыта»", "ООО «Рога и копыта»"],
  ["ФИО", "  Иванов   Иван ", "Иван | Иванов"],
])("under %s, %s is %s", (header, text, expected) => {
  expect(split(text, header)).toBe(expected);
});

test.each([
  ["words", "Anna ".repeat(12_000)],
  ["letters", "a".repeat(60_000)],
  ["suffixes", `John Smith${",jr".repeat(20_000)}`],
  ["spaces", `John${" ".repeat(60_000)}Smith`],
])("a cell too long for a name is answered as it is: %s", (_name, text) => {
  expect(splitFullName(text, false)).toEqual({ firstName: text.trim(), lastName: null });
});
