/** The parameters by which advertisements and mailings mark their links. Apart from what reads them: pages know the names, too. */

export const utmKeys = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"] as const;

/** Numbers of single clicks. They are of use only whole: an advertiser's system looks them up. */
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

/** What is known of a visit beside UTM marks. */
export const visitKeys = [...clickKeys, "referrer", "landing"] as const;

export const markKeys = [...utmKeys, ...clickKeys] as const;
export type MarkKey = (typeof markKeys)[number];

export const isClickKey = (key: string): boolean => clickKeys.some((each) => each === key);

/** The key that a parameter's or cookie's name means, in any case. */
export const markKeyOf = (name: string): MarkKey | undefined => {
  const plain = name.trim().toLowerCase();
  return markKeys.find((key) => key === plain);
};
