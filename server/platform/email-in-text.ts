import { parseEmail, readableEmail } from "./email-address";

/** What continues a name before the "@"; other characters that the standard allows there part addresses in people's texts. */
const namePart = /[\p{L}\p{M}\p{N}\p{Join_Control}_][.+'&-]*$/u;
/** A mail server takes no longer name. */
const longestName = 64;
const domainPart = /^(?:\.|-+)?[\p{L}\p{M}\p{N}\p{Join_Control}]/u;
/** One address that begins as people's do. */
const single = /^[\p{L}\p{N}][^@]*@[^@]*$/u;

/**
 * Whether a text holds the address, as stored or as people write it, alone or among other words. `joann@example.com` and
 * `ann@example.com.ru` do not hold `ann@example.com`: they are other people's.
 */
export function holdsEmail(text: string, email: string): boolean {
  const plain = text.normalize("NFKC").toLowerCase();
  if (!plain.includes("@")) return false;
  const spellings = new Set([email, readableEmail(email)].map((spelling) => spelling.normalize("NFKC").toLowerCase()));
  return plain.split(/[\s,;|]+/).some((word) => {
    const address = parseEmail(word);
    if (address === email) return true;
    // A whole address of another person may have it as a part, as "e=ann@example.com" does.
    if (address !== null && single.test(word)) return false;
    return [...spellings].some((spelling) => standsIn(word, spelling));
  });
}

function standsIn(text: string, spelling: string): boolean {
  for (let at = text.indexOf(spelling); at >= 0; at = text.indexOf(spelling, at + 1))
    if (
      !namePart.test(text.slice(Math.max(0, at - longestName), at)) &&
      !domainPart.test(text.slice(at + spelling.length))
    )
      return true;
  return false;
}

/** An "@" between the end of a name and a domain, whose letters may be percent-encoded. */
const anyAddress = /[^\s@/]@[\p{L}\p{M}\p{N}%.-]+\.[\p{L}%][\p{L}\p{M}\p{N}%-]+/u;

/**
 * Whether a text holds an address of any person, also where a link or a mailer has encoded its sign once or twice. A channel's
 * name (`@channel`) and a discount (`20%40off`) are none.
 */
export const holdsAnyEmail = (text: string): boolean =>
  anyAddress.test(
    text
      .replace(/%(?:25)*40/g, "@")
      .replace(/%(?:25)*2e/gi, ".")
      .normalize("NFKC"),
  );
