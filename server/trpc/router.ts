import { auditRouter } from "./audit-router";
import { createCallerFactory, router } from "./init";
import { listUsers, searchUsers } from "./list-procedures";
import { paymentsRouter } from "./payments-router";
import { queueRouter } from "./queue-router";
import { createRegistration } from "./registration-procedures";
import { createDeal, getUser, updatePayment } from "./rest-procedures";
import { tokensRouter } from "./tokens-router";

export const appRouter = router({
  createDeal,
  updatePayment,
  createRegistration,
  getUser,
  listUsers,
  searchUsers,
  payments: paymentsRouter,
  crm: queueRouter,
  tokens: tokensRouter,
  audit: auditRouter,
});

/** Only the type may reach the browser. */
export type AppRouter = typeof appRouter;

export const createCaller = createCallerFactory(appRouter);
