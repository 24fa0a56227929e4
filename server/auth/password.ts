import { hash, verify } from "@node-rs/argon2";

/** OWASP's parameters for argon2id, which is the library's default. The library works on the thread pool. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Normalised, since keyboards differ in how they compose the same letter. */
export const sameOnAllKeyboards = (password: string): string => password.normalize("NFKC");

/** The argon2id hash of a text that is compared as it is, such as a program's request with a password in it. */
export const hashText = (text: string): Promise<string> => hash(text, options);

export const verifyText = (stored: string, text: string): Promise<boolean> => verify(stored, text);

/** The password's argon2id hash in PHC form. */
export const hashPassword = (password: string): Promise<string> => hashText(sameOnAllKeyboards(password));

let unknownHash: Promise<string> | undefined;

/**
 * Whether the password matches the hash. Null (no such person, or a person without a password) never matches, but costs
 * the same time: otherwise timing would tell which e-mail addresses are registered.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  // Made at the first call of any kind, which takes longer then; kept only if it could be made.
  unknownHash ??= hashPassword("nobody's password").catch((error: unknown) => {
    unknownHash = undefined;
    throw error;
  });
  const nobodys = await unknownHash;
  const matches = await verify(stored ?? nobodys, sameOnAllKeyboards(password));
  return stored !== null && matches;
}
