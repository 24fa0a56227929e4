/** PostgreSQL's integer: what is larger is nobody's id, and a query for it an error. */
export const maxId = 2_147_483_647;
