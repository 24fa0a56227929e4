/** The address of a record's card on the portal, for people who are signed in there. */
export const portalCardUrl = (host: string, kind: "contact" | "deal", id: number): string =>
  `${host}/crm/${kind}/details/${id}/`;
