-- What Prisma's schema language cannot say.

-- The list of people by day of payment. The unpaid stand at the epoch, so that a page can continue among them too.
CREATE INDEX "User_payment_idx" ON "User" (coalesce("paidAt", 'epoch') DESC, "id" DESC);
