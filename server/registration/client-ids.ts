import type { Cookie } from "../platform/cookies";
import type { ClientKey } from "../platform/utm-keys";

/** As the counters write them: a number, or two. Anything else is none, and is neither stored nor told to them. */
const shapes: Record<ClientKey, RegExp> = {
  ym_client_id: /^[1-9]\d{4,24}$/,
  ga_client_id: /^\d{1,20}\.\d{1,20}$/,
};

export const isClientKey = (key: string): key is ClientKey => Object.hasOwn(shapes, key);

/** Blank if it is none. */
export const cleanClientId = (key: ClientKey, value: string): string => (shapes[key].test(value) ? value : "");

/**
 * The ids in the cookies of Yandex Metrica (`_ym_uid`) and Google Analytics (`_ga`, with a version and the number of the
 * domain's parts before the id), by our names for them.
 */
export const clientIdCookies = (cookies: readonly Cookie[]): Cookie[] =>
  cookies.flatMap(([name, value]): Cookie[] => {
    if (name === "_ym_uid") return [["ym_client_id", value]];
    const [, google] = (name === "_ga" && /^GA\d+\.\d+(?:-\d+)?\.(\d+\.\d+)$/.exec(value)) || [];
    return google ? [["ga_client_id", google]] : [];
  });
