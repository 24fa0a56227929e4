import { hasPhone } from "./phone-in-name";

/** Domain endings common in advertising. Before another word the dot is only a missing space, as in "St.John". */
const domainEnds = [
  ..."com net org info biz pro name mobi xyz top site online shop store club live life link click icu vip fun work".split(
    " ",
  ),
  ..."ru su рф рус онлайн сайт орг москва by kz ua uz kg am ge uk de fr it es pl nl eu cn in us tv me io ly gg cc to be app dev co ai".split(
    " ",
  ),
];

/** A scheme, "www." or a messenger's short address. */
const link = /\w:\/\/|\bwww\.|(?:^|[^\p{L}\p{N}])(?:t|vk|wa|goo|bit|clck)\.(?:me|cc|gl|ly|ru|com)(?:$|[^\p{L}])/u;
const domain = new RegExp(
  `(?<![\\p{L}\\p{N}-])[\\p{L}\\p{N}-]{2,}\\.(?:${domainEnds.join("|")})(?:$|[^\\p{L}\\p{N}])`,
  "u",
);
const handle = /(?:^|[^\p{L}\p{N}])@[\p{L}\p{N}_]{3,}|(?<![\p{L}\p{N}._-])[\p{L}\p{N}._-]+@[\p{L}\p{N}-]+\.\p{L}{2,}/u;

/**
 * Normalises disguises: fullwidth letters, spelt-out dots and dots in brackets. Blanks become one each first: what follows
 * would begin again at each of many.
 */
const readable = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s+/gu, " ")
    .replace(/[\u3002\uff61\u2024]/gu, ".")
    .replace(/ ?[[({] ?(?:\.|dot|точка) ?[\])}] ?/gu, ".")
    .replace(/ (?:dot|точка) /gu, ".")
    .replace(/(?<=[\p{L}\p{N}]) ?\. (?=(?:com|net|org|ru|рф)(?:$|[^\p{L}]))/gu, ".");

/** Whether a company's name holds a link. A plain domain is allowed, since many companies are called by it. */
export const hasLink = (text: string): boolean => link.test(readable(text));

/** Whether a person's name holds a link, an address, a handle or a phone number: only advertising does. */
export const isAdvertising = (name: string): boolean =>
  [link, domain, handle].some((pattern) => pattern.test(readable(name))) || hasPhone(readable(name));
