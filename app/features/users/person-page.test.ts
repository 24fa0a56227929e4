import { expect, test } from "vitest";
import { loadPerson } from "~/features/users/person-page.server";
import { systemActor } from "~server/audit/actor";
import type { Db } from "~server/database/db";
import { setPaid } from "~server/payments/payments";
import { startCrm } from "~server/test/crm";
import { makeUser } from "~server/test/factories";

/** The database, on which `before` is awaited before the read with that number. */
function holding(db: Db, heldRead: number, before: () => Promise<unknown>) {
  let reads = 0;
  const held = db.$extends({
    query: {
      async $allOperations({ args, query }) {
        if (reads++ === heldRead) await before();
        return query(args);
      },
    },
  });
  return { db: held as unknown as Db, isPast: () => heldRead >= reads };
}

test("a payment that comes in between two reads of a person's page is on all of the page or on nothing of it", async () => {
  const { services } = await startCrm();
  const { id: userId } = await makeUser(services.db);
  const request = new Request(`http://localhost/admin/users/${userId}`);
  let isPaid = false;
  const load = async (heldRead: number) => {
    isPaid = !isPaid;
    const { db, isPast } = holding(services.db, heldRead, () =>
      setPaid(services, { userId, isPaid, actor: systemActor, origin: "api" }),
    );
    const page = await loadPerson({ request, context: { services: { ...services, db } }, params: {} } as never, userId);
    const event = page.timeline.events.find(({ kind }) => kind === "payment");
    const told = event?.kind === "payment" ? event.facts : { isPaid: false, changeId: null };
    return { isPast: isPast(), shown: { isPaid: page.user.isPaid, changeId: page.payment.newest }, told };
  };

  const pages = [];
  for (let heldRead = 0; ; heldRead++) {
    const { isPast, ...page } = await load(heldRead);
    if (isPast) break;
    pages.push(page);
  }
  expect(pages.length).toBeGreaterThan(8);
  for (const { shown, told } of pages) expect(told).toMatchObject(shown);
});
