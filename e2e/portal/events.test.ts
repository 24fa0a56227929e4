import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";
import type { EventSettings } from "./settings";

interface Received {
  contentType: string;
  fields: Record<string, string>;
}

/** A receiver of events and a portal that sends them there. */
async function connected(settings: Partial<EventSettings> = {}, status = 200) {
  const received: Received[] = [];
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    received.push({ contentType: request.headers["content-type"] ?? "", fields });
    response.writeHead(status).end();
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`;
  const portal = createPortal({ events: { url, token: "t".repeat(32), ...settings } });
  const names = () => received.map(({ fields }) => `${fields.event} ${fields["data[FIELDS][ID]"]}`);
  return { portal, received, names, [Symbol.dispose]: () => receiver.close().closeAllConnections() };
}

const update = (portal: Portal, fields: object) =>
  callPortal(portal, "crm.item.update", { entityTypeId: 2, id: 7001, fields });

test("an event is a form with the object's id, the token, and nothing of the object", async () => {
  using world = await connected();
  world.portal.staff.addDeal({ title: "Secret title" });
  await world.portal.eventsSettled();
  expect(world.received).toHaveLength(1);
  expect(world.received[0]?.contentType).toMatch(/^application\/x-www-form-urlencoded/);
  expect(world.received[0]?.fields).toEqual({
    event: "ONCRMDEALADD",
    event_handler_id: expect.stringMatching(/^\d+$/),
    "data[FIELDS][ID]": "7001",
    ts: expect.stringMatching(/^\d{10}$/),
    "auth[domain]": "stand-in.bitrix24.example",
    "auth[client_endpoint]": expect.any(String),
    "auth[server_endpoint]": expect.any(String),
    "auth[member_id]": expect.stringMatching(/^\w{32}$/),
    "auth[application_token]": "t".repeat(32),
  });
});

test("leads are told of as deals are", async () => {
  using world = await connected();
  const { staff } = world.portal;
  const { id } = staff.addLead({ name: "Ann" });
  staff.moveLead(id, "JUNK");
  staff.deleteLead(id);
  await world.portal.eventsSettled();
  expect(world.names().sort()).toEqual([`ONCRMLEADADD ${id}`, `ONCRMLEADDELETE ${id}`, `ONCRMLEADUPDATE ${id}`]);
});

test("our own writes fire events like those of a manager", async () => {
  using world = await connected();
  await callPortal(world.portal, "crm.item.add", { entityTypeId: 2, fields: {} });
  await update(world.portal, { title: "Changed" });
  await callPortal(world.portal, "crm.contact.add", { fields: { NAME: "Ann" } });
  await world.portal.eventsSettled();
  expect(world.names().sort()).toEqual(["ONCRMCONTACTADD 3001", "ONCRMDEALADD 7001", "ONCRMDEALUPDATE 7001"]);
});

test("crm.item.update without effect fires nothing, crm.deal.update always", async () => {
  using world = await connected({ names: ["ONCRMDEALUPDATE"] });
  world.portal.staff.addDeal({ title: "T" });
  await update(world.portal, { title: "T" });
  await world.portal.eventsSettled();
  expect(world.names()).toEqual([]);
  await callPortal(world.portal, "crm.deal.update", { id: 7001, fields: { TITLE: "T" } });
  await world.portal.eventsSettled();
  expect(world.names()).toEqual(["ONCRMDEALUPDATE 7001"]);
});

test("a move to another funnel is not told to an outgoing webhook", async () => {
  using world = await connected({ names: ["ONCRMDEALUPDATE"] });
  world.portal.staff.addDeal({ title: "T" });
  await update(world.portal, { categoryId: 1 });
  await update(world.portal, { stageId: "C1:WON" });
  await world.portal.eventsSettled();
  expect(world.names()).toEqual(["ONCRMDEALUPDATE 7001"]);
});

test("the deleted object cannot be read when its event arrives", async () => {
  using world = await connected({ names: ["ONCRMDEALDELETE"] });
  world.portal.staff.addDeal({ title: "T" });
  world.portal.staff.deleteDeal(7001);
  await world.portal.eventsSettled();
  expect(world.names()).toEqual(["ONCRMDEALDELETE 7001"]);
  expect((await callPortal(world.portal, "crm.deal.get", { id: 7001 })).body.error_description).toBe("Not found");
});

test("an event that the receiver refuses is not sent again", async () => {
  using world = await connected({}, 500);
  world.portal.staff.addDeal({ title: "T" });
  await world.portal.eventsSettled();
  expect(world.received).toHaveLength(1);
  expect(world.portal.events).toEqual([{ name: "ONCRMDEALADD", id: 7001, status: 500 }]);
});

test("events can be lost and doubled", async () => {
  using lossy = await connected({ lost: 1 });
  lossy.portal.staff.addDeal({ title: "T" });
  await lossy.portal.eventsSettled();
  expect(lossy.received).toEqual([]);
  using doubling = await connected({ doubled: 1 });
  doubling.portal.staff.addDeal({ title: "T" });
  await doubling.portal.eventsSettled();
  expect(doubling.names()).toEqual(["ONCRMDEALADD 7001", "ONCRMDEALADD 7001"]);
});

test("events can overtake each other", async () => {
  using world = await connected({ shuffleMs: 200 });
  for (let index = 0; index < 8; index++) world.portal.staff.addDeal({ title: "T" });
  await world.portal.eventsSettled();
  expect(world.names()).toHaveLength(8);
  expect(world.names()).not.toEqual([...world.names()].sort());
});

test("rows that change the amount are an update of the deal", async () => {
  using world = await connected({ names: ["ONCRMDEALUPDATE"] });
  world.portal.staff.addDeal({ title: "T" });
  world.portal.staff.setRows(7001, [{ productId: 1777, price: 49 }]);
  await world.portal.eventsSettled();
  expect(world.names()).toEqual(["ONCRMDEALUPDATE 7001"]);
});

test("a reset drops events that are not yet on their way", async () => {
  using world = await connected({ delayMs: 10_000 });
  world.portal.staff.addDeal({ title: "T" });
  const settled = world.portal.eventsSettled();
  world.portal.reset();
  await settled;
  expect(world.received).toEqual([]);
});
