/**
 * Parameters with which advertisements and mailings tag their links. Apart from the code that reads them, since pages
 * use the names as well.
 */

export const utmKeys = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"] as const;

/** Click ids. Stored whole or not at all: an advertiser's system looks them up. */
export const clickKeys = [
  "gclid",
  "yclid",
  "fbclid",
  "ymclid",
  "wbraid",
  "gbraid",
  "msclkid",
  "ttclid",
  "vkclid",
  "rb_clickid",
  "dclid",
  "twclid",
  "li_fat_id",
  "sccid",
  "epik",
  "rdt_cid",
  "irclickid",
  "roistat",
] as const;

/** Data of a visit other than UTM tags. */
export const visitKeys = [...clickKeys, "referrer", "landing"] as const;

export const tagKeys = [...utmKeys, ...clickKeys] as const;

/**
 * The numbers by which a counter of the site, Yandex Metrica or Google Analytics, knows a browser again. They do not say
 * where a visitor came from, so a visit with nothing else has no tags.
 */
export const clientKeys = ["ym_client_id", "ga_client_id"] as const;
export type ClientKey = (typeof clientKeys)[number];

export type TagKey = (typeof tagKeys)[number] | ClientKey;

export const isClickKey = (key: string): boolean => clickKeys.some((each) => each === key);

/** The key for a parameter's or cookie's name, in any case. */
export const tagKeyOf = (name: string): TagKey | undefined => {
  const plain = name.trim().toLowerCase();
  return [...tagKeys, ...clientKeys].find((key) => key === plain);
};
