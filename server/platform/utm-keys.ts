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

export const markKeys = [...utmKeys, ...clickKeys] as const;
export type MarkKey = (typeof markKeys)[number];

export const isClickKey = (key: string): boolean => clickKeys.some((each) => each === key);

/** The key for a parameter's or cookie's name, in any case. */
export const markKeyOf = (name: string): MarkKey | undefined => {
  const plain = name.trim().toLowerCase();
  return markKeys.find((key) => key === plain);
};
