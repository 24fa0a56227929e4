import { notRemovedCode } from "../bitrix24/not-removed";
import { dealRemovedCode } from "../bitrix24/ownership-errors";
import { notRemovedTexts } from "./not-removed-texts";
import { type Meaning, type Reach, type Reason, reasonTexts } from "./reason-texts";
import { removedTexts } from "./removed-texts";
import { unfitTexts } from "./unfit-texts";

const codes: Partial<Record<string, Meaning>> = {
  TIMEOUT: "timeout",
  ABORTED: "connection",
  CONNECTION_LOST: "connection",
  QUERY_LIMIT_EXCEEDED: "speed",
  HTTP_429: "speed",
  HTTP_503: "speed",
  OPERATION_TIME_LIMIT: "time",
  INVALID_CREDENTIALS: "credentials",
  NO_AUTH_FOUND: "credentials",
  INVALID_TOKEN: "credentials",
  EXPIRED_TOKEN: "credentials",
  AUTHORIZATION_ERROR: "credentials",
  APPLICATION_NOT_FOUND: "credentials",
  ACCESS_DENIED: "rights",
  USER_ACCESS_ERROR: "rights",
  ALLOWED_ONLY_INTRANET_USER: "rights",
  INSUFFICIENT_SCOPE: "scope",
  OVERLOAD_LIMIT: "overload",
  PORTAL_DELETED: "deleted",
  PAYMENT_REQUIRED: "plan",
  METHOD_CONFIRM_WAITING: "confirm",
  METHOD_CONFIRM_DENIED: "confirm",
  ERROR_METHOD_NOT_FOUND: "method",
  PRODUCT_NOT_FOUND: "product",
  PRODUCT_PRICE_NOT_USD: "price",
  PRODUCT_UNREADABLE: "productRight",
  PRODUCT_HAS_VARIATIONS: "variations",
  PRODUCT_REPLACED: "replaced",
  BAD_ANSWER: "unreadable",
  MISSING_IN_BATCH: "unreadable",
  REDIRECT_REFUSED: "redirect",
  HTTP_403: "forbiddenPage",
  HTTP_404: "wrongPath",
  NOT_FOUND: "gone",
  INTERNAL_SERVER_ERROR: "portal",
  ERROR_CORE: "portal",
  ERROR_UNEXPECTED_ANSWER: "portal",
  HALTED: "halted",
  RESTORE_UNCONFIRMED: "moved",
  PORTAL_CHANGED: "otherPortal",
  PORTAL_UNCOMPARED: "uncompared",
  FOREIGN_MARK: "foreign",
};

/** Node's codes for failures of the connection. */
const unreachable =
  /^(ECONN\w+|E(HOST|NET)\w+|ENOTFOUND|EADDRNOTAVAIL|EPROTO|EAI_\w+|UND_ERR_\w+|NOT_SENT|(CERT|ERR_TLS|ERR_SSL|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)_\w+)$/;

export interface Failed {
  code: string;
  field?: string | null | undefined;
  reach?: Reach | undefined;
}

function meaningOf({ code, reach }: Failed): Meaning {
  if (code === "CRM_FIELD_ERROR_REQUIRED") return "demanded";
  if (code.startsWith("CRM_FIELD_ERROR_")) {
    if (!reach) return "value";
    return reach === "one" ? "valueOfOne" : "valueOfAll";
  }
  const known = Object.hasOwn(codes, code) ? codes[code] : undefined;
  // The text for one person advises a resend. Registrations with a common cause are sent again automatically, so they
  // get another text. One HTTP_503 means too many requests; HTTP_503 for all means that the server behind it sleeps.
  const isCommon = reach === "everybody" || reach === "form";
  if (isCommon && code === "HTTP_503") return "asleep";
  if (isCommon && (known === undefined || known === "portal" || known === "gone"))
    return /^HTTP_/.test(code) || unreachable.test(code) ? outsideMeaning(code) : "everybody";
  return known ?? outsideMeaning(code);
}

function outsideMeaning(code: string): Meaning {
  if (/^HTTP_5\d\d$/.test(code)) return "portal";
  if (/^HTTP_4\d\d$/.test(code)) return "forbiddenPage";
  return unreachable.test(code) ? "unreachable" : "other";
}

/** The text for a failure: a code of the portal call log or of a pause. An unknown code gets a general text. */
export function reasonOf(locale: "en" | "ru", failed: Failed): Reason {
  if (failed.code === dealRemovedCode) return removedTexts[locale](failed.reach);
  if (failed.code === notRemovedCode) return notRemovedTexts[locale];
  const unfit = Object.hasOwn(unfitTexts[locale], failed.code) ? unfitTexts[locale][failed.code] : undefined;
  const field = failed.field ?? undefined;
  return unfit ? unfit(field, failed.reach) : reasonTexts[locale][meaningOf(failed)](field);
}
