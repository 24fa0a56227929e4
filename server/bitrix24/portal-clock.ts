/** The portal's clock may be behind ours by this much. */
export const portalClockSkewMs = 10 * 60_000;
