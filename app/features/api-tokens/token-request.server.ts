import { isTokenScope, type TokenScope, tokenDays } from "~server/auth/token-scopes";
import { parseSeenId } from "~server/platform/ids";
import { maxTokenName, scopesShownField, seenField } from "./token-fields";
import type { RefusedToken, TokenProblems } from "./token-form";

interface TokenRequest {
  name: string;
  scopes: TokenScope[] | undefined;
  days: number | undefined;
  seen: number | undefined;
}

/** The posted form of a new token, or what is wrong with it; null if it is no such form. */
export function readTokenRequest(form: FormData): { asked: TokenRequest } | { refused: RefusedToken } | null {
  const given = form.get("name");
  if (typeof given !== "string") return null;
  const name = given.trim();
  const scopes = form.getAll("scope");
  const days = form.has("days") ? Number(form.get("days")) : undefined;
  const problems: TokenProblems = {};
  if (name === "") problems.name = "required";
  else if (/\p{Cc}/u.test(name)) problems.name = "characters";
  else if (name.length > maxTokenName) problems.name = "too_long";
  if (!scopes.every(isTokenScope)) problems.scope = "invalid";
  else if (scopes.length === 0 && form.has(scopesShownField)) problems.scope = "required";
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= tokenDays.most)) problems.days = "invalid";
  if (Object.keys(problems).length > 0)
    return { refused: { problems, name: given, scopes: scopes.map(String), days: String(form.get("days") ?? "") } };
  const seen = parseSeenId(form.get(seenField));
  return { asked: { name, scopes: scopes.length > 0 ? scopes.filter(isTokenScope) : undefined, days, seen } };
}
