import { domainToUnicode } from "node:url";
import { dictionary } from "@zxcvbn-ts/language-common";
import { locales } from "./locales";
import { passwordLength, passwordLimits } from "./password-limits";
import { siteNameIn } from "./site-name";

/**
 * Which passwords may be chosen. Used wherever a password is set: registration, reset, change, command and environment.
 * A password chosen before a rule was added still works.
 */

export type PasswordProblem =
  | "password_short"
  | "password_short_admin"
  | "too_long"
  | "password_common"
  | "password_personal";

/** The password's owner, whose details an attacker tries first. */
export interface PasswordOwner {
  email?: string | undefined;
  firstName?: string | null | undefined;
  lastName?: string | null | undefined;
  phone?: string | null | undefined;
  isAdmin?: boolean | undefined;
  site?: PasswordSite | undefined;
}

/** The site for which the password is: its name is on every page and its address in every link, so attackers try them. */
export interface PasswordSite {
  SITE_NAME?: string | undefined;
  APP_URL: string;
}

/** What a site is called until its owner names it, and the product always. */
const unnamed = locales.map((locale) => siteNameIn(locale));

/** The first problem of the password; null if it may be used. */
export function passwordProblem(password: string, owner: PasswordOwner = {}): PasswordProblem | null {
  const length = passwordLength(password);
  if (length < passwordLimits.min) return "password_short";
  if (length > passwordLimits.max) return "too_long";
  if (owner.isAdmin && length < passwordLimits.minForAdministrators) return "password_short_admin";
  if (isCommon(password)) return "password_common";
  return isPersonal(password, owner) ? "password_personal" : null;
}

/** Most frequent first. */
const ranked = dictionary["passwords-common"] as string[];
/** Without passwords that are too short anyway. */
let listed: Set<string> | undefined;
/** Words so frequent that people extend them with a year or an exclamation mark: `Password1!`, `marina1985`. */
let roots: Set<string> | undefined;
const rootRanks = 10_000;
const rootLength = 5;

function isCommon(password: string): boolean {
  listed ??= new Set(ranked.filter((word) => word.length >= passwordLimits.min));
  roots ??= new Set(ranked.slice(0, rootRanks).filter((word) => word.length >= rootLength));
  const folded = password.normalize("NFKC").toLowerCase();
  for (const typed of [folded, onLatinKeys(folded)]) {
    if (listed.has(typed) || (typed.length <= longestGuess && isRunOfKeys(typed))) return true;
    const [, word = "", digits = "", signs = ""] = /^(.+?)(\d{0,4})([^\p{L}\p{N}]{0,4})$/u.exec(typed) ?? [];
    if (listed.has(word + digits) || ((digits || signs) && roots.has(word))) return true;
  }
  return folded.length <= longestGuess && isRepeated(folded);
}

/** Attackers try patterns by rising length, and give up before this one: length itself protects what is longer. */
const longestGuess = 32;

/** A few characters repeated. */
const isRepeated = (text: string): boolean => /^(.{1,5})\1+$/su.test(text);

/** Keyboard rows and alphabets, whose neighbouring keys people type in a row. */
const rows = ["01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"];
const bothWays = rows.flatMap((row) => [row, [...row].reverse().join("")]);

/** Only runs of three or more neighbouring keys: `87654321`, `abcd1234`, `qwe123asd`. */
function isRunOfKeys(text: string): boolean {
  let rest = text;
  while (rest.length > 0) {
    const length = runAtStart(rest);
    if (length < 3) return false;
    rest = rest.slice(length);
  }
  return true;
}

function runAtStart(text: string): number {
  let length = 1;
  const isRun = (part: string) => bothWays.some((row) => row.includes(part)) || new Set(part).size === 1;
  while (length < text.length && isRun(text.slice(0, length + 1))) length += 1;
  return length;
}

const cyrillicKeys = "йцукенгшщзхъфывапролджэячсмитьбю";
const latinKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";

/** The same keys in the Latin layout, in which the list has Russian words: "пароль" is `gfhjkm`. */
const onLatinKeys = (text: string): string =>
  [...text].map((letter) => latinKeys[cyrillicKeys.indexOf(letter)] ?? letter).join("");

const squash = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    // Russian is typed with and without its dots.
    .replaceAll("ё", "е")
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** Whether little of the password remains without the owner's details and the site's name. */
function isPersonal(password: string, owner: PasswordOwner): boolean {
  const typed = squash(password);
  let rest = typed;
  for (const word of personalWords(owner)) rest = rest.replaceAll(word, "");
  const letters = rest.match(/\p{L}/gu) ?? [];
  return rest !== typed && letters.length < 4;
}

/** Long words first: otherwise a name within an address would be removed and leave the rest of the address behind. */
function personalWords({ email = "", firstName, lastName, phone, site }: PasswordOwner): string[] {
  const [account = "", domain = ""] = email.split("@");
  const digits = (phone ?? "").replace(/\D/g, "");
  const words = [
    ...[email, account, ...account.split(/[._+-]/), domain, ...domain.split(".").slice(0, -1)],
    ...[firstName, lastName].flatMap((name) => [name ?? "", ...(name ?? "").split(/[\s-]+/)]),
    ...[digits, digits.slice(-10)],
    ...(site ? siteWords(site) : []),
    ...unnamed,
  ];
  return [...new Set(words.map(squash))].filter((word) => word.length >= 3).sort((a, b) => b.length - a.length);
}

/** The words of the name, and the labels of the host but for its last one, such as `com`; an address has no words. */
function siteWords({ SITE_NAME = "", APP_URL }: PasswordSite): string[] {
  const labels = URL.canParse(APP_URL) ? domainToUnicode(new URL(APP_URL).hostname).split(".") : [];
  const named = labels.length > 1 ? labels.slice(0, -1) : labels;
  return [SITE_NAME, ...SITE_NAME.split(/[^\p{L}\p{N}]+/u), ...named.filter((label) => /\p{L}/u.test(label))];
}
