import { isIP } from "node:net";
import { z } from "zod";
import { isSchemaName, schemaOf } from "./database-schema";
import { percentDecoded } from "./percent";

/** Checks of addresses in the environment, whose refusals name no part of the value: it may be a password. */

const encode = "percent-encode what stands in its password (# as %23, / as %2F, ? as %3F, % as %25)";

/**
 * Whether an address with a password is read as it was meant. A "#", "/" or "?" in the password ends the host before the "@":
 * mostly that leaves a port that is none, but after digits it names another host.
 */
function isWhole(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { pathname, search, hash } = new URL(text);
  return !`${pathname}${hash}`.includes("@") && !/^\?[^=]*@/.test(search);
}

/**
 * An address of a database as its driver reads it: the host may be left out behind the user, as PostgreSQL's own programs
 * take it, since `?host=` names the folder of a socket, or the environment the host.
 */
const withHost = (text: string): string => (URL.canParse(text) ? text : text.replace("@/", "@localhost/"));

/**
 * Whether an address names more than one host, of which PostgreSQL's own programs seek the one that takes changes; the driver
 * takes them for one name.
 */
function namesSeveralHosts(text: string): boolean {
  const [, authority = "", path = "", query = ""] = /^\w+:\/\/([^/?#]*)([^?]*)(.*)$/s.exec(text) ?? [];
  // Otherwise the password goes on there.
  const hosts = `${path}${query}`.includes("@") ? "" : authority.slice(authority.lastIndexOf("@") + 1);
  return `${hosts}${new URLSearchParams(query).get("host") ?? ""}`.includes(",");
}

function isDecodable(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return percentDecoded(username + password) !== null;
}

export const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, { error: "expected postgres://…", abort: true })
  .refine((text) => !namesSeveralHosts(text), {
    error: "names several hosts: name one that leads to the primary",
    abort: true,
  })
  .refine((text) => isWhole(withHost(text)), { error: `cannot be read as an address: ${encode}`, abort: true })
  .refine(
    (url) => isSchemaName(schemaOf(url)),
    "expected ?schema= of 63 bytes at most, without quotation marks, that begins with neither pg_ nor pgboss",
  );

export const smtpUrl = z
  .string()
  .regex(/^smtps?:\/\//, { error: "expected smtp://… or smtps://…", abort: true })
  .refine((text) => isWhole(text) && isDecodable(text), `cannot be read as an address: ${encode}`);

/**
 * A host as it stands in the address of a request: a name, also one with "_" as in networks of containers, or an address,
 * IPv6 with or without brackets. Null if it is neither.
 */
function hostName(text: string): string | null {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) === 6) return bare.includes("%") ? null : new URL(`http://[${bare}]`).hostname.slice(1, -1);
  if (!/^[^\s:/?#@[\]\\%]+$/.test(text) || !URL.canParse(`http://${text}`)) return null;
  return new URL(`http://${text}`).hostname.replace(/\.$/, "");
}

export const internalHosts = z
  .string()
  .transform((list) =>
    list
      .split(",")
      .map((host) => host.trim())
      .filter(Boolean)
      .map((host) => hostName(host.toLowerCase()) ?? ""),
  )
  .refine((list) => !list.includes(""), "expected names or addresses of hosts, separated by commas");
