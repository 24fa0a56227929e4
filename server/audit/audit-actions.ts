/** Everything that is audited. A list, so that the page's filter and its words are complete by their types. */
export const auditActions = [
  "payment.set",
  "payment.bulk",
  "payment.undo",
  "crm.resend",
  "crm.pause",
  "crm.resume",
  "crm.reconcile",
  "conflict.resolve",
  "import.start",
  "token.create",
  "token.revoke",
  "session.start",
  "session.refused",
  "session.endAll",
  "password.reset",
  "password.change",
  "admin.create",
  "role.change",
  "test.start",
  "test.stop",
  "test.remove",
  "users.export",
  "person.erase",
] as const;

export type AuditAction = (typeof auditActions)[number];
