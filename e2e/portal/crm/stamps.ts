/** Who has made a record and when, as all kinds of records keep it. */
export const creationStamps = (now: number, by: number) => ({
  createdTime: now,
  updatedTime: now,
  lastActivityTime: now,
  createdBy: by,
  updatedBy: by,
  lastActivityBy: by,
});
