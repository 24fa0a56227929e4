import { z } from "zod";
import { parseEmail } from "./email-address";
import {
  letterFault,
  letterPlaceholders,
  maxLetter,
  maxSubject,
  messagePlaceholders,
  usualLetters,
  usualMessages,
} from "./letter-template";

/** The variables of the environment about mails to people and managers, and messages to the responsible person. */

const onOff = z.enum(["on", "off"]).default("off");

const template = (usual: string, max: number, further: readonly string[] = letterPlaceholders) =>
  z
    .string()
    .trim()
    .transform((text) => text.replace(/\r\n?/g, "\n"))
    .refine(
      (text) => letterFault(text, max, further) === null,
      "expected a text with placeholders such as {name}: see docs/reference.md",
    )
    .default(usual);
const subject = (usual: string) =>
  template(usual, maxSubject).refine((text) => !/\p{Cc}/u.test(text), "expected one line");
const text = (usual: string) => template(usual, maxLetter);
const message = (usual: string) => template(usual, maxLetter, messagePlaceholders);
const language = z.enum(["ru", "en"]).default("ru");

const mostAddresses = 10;
const addresses = z.string().transform((list, ctx) => {
  const given = list.split(",").flatMap((each) => (each.trim() ? [parseEmail(each)] : []));
  const valid = given.filter((address) => address !== null);
  if (valid.length === given.length && valid.length <= mostAddresses) return [...new Set(valid)];
  ctx.addIssue({ code: "custom", message: `expected at most ${mostAddresses} e-mail addresses, separated by commas` });
  return z.NEVER;
});

const { welcome, manager } = usualLetters;

export const letterChecks = {
  WELCOME_MAIL: onOff,
  WELCOME_SUBJECT_RU: subject(welcome.ru.subject),
  WELCOME_TEXT_RU: text(welcome.ru.text),
  WELCOME_SUBJECT_EN: subject(welcome.en.subject),
  WELCOME_TEXT_EN: text(welcome.en.text),
  MANAGER_MAIL: onOff,
  MANAGER_EMAILS: addresses.default([]),
  MANAGER_LANGUAGE: language,
  MANAGER_SUBJECT_RU: subject(manager.ru.subject),
  MANAGER_TEXT_RU: text(manager.ru.text),
  MANAGER_SUBJECT_EN: subject(manager.en.subject),
  MANAGER_TEXT_EN: text(manager.en.text),
  RESPONSIBLE_MESSAGE: onOff,
  RESPONSIBLE_LANGUAGE: language,
  RESPONSIBLE_TEXT_RU: message(usualMessages.ru),
  RESPONSIBLE_TEXT_EN: message(usualMessages.en),
};
