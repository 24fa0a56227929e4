import { afterAll, expect, test } from "vitest";
import { RemoteControl } from "./remote-control";
import { startPortal } from "./server";

const server = await startPortal();
afterAll(() => server.close());
const control = new RemoteControl(server.url);

test("a portal in another process is broken, mended, set and looked into from here", async () => {
  await control.fail({ kind: "500" });
  expect((await fetch(`${server.webhookUrl}profile`)).status).toBe(500);
  await control.clearFaults();
  await control.configure({ limits: { bucket: 0 } });
  await control.applyPreset("old-box");
  const before = server.portal.now();
  await control.advance(60_000);
  expect(server.portal.now() - before).toBeGreaterThanOrEqual(60_000);
  expect(await control.state()).toMatchObject({ preset: "old-box", contacts: [], deals: [] });
});

test("what arrived of one person is found by the e-mail, through the contacts", async () => {
  const email = "ann@example.com";
  await control.act({ act: "addContact", fields: { name: "Ann" }, emails: [email] });
  await control.act({ act: "addDeal", fields: { title: "T", contactIds: [3001] } });
  await control.act({ act: "addDeal", fields: { title: "Another's" } });
  await control.act({ act: "setRows", id: 7001, rows: [{ productId: 1777, price: 49 }] });
  expect(await control.arrived(email)).toMatchObject({
    contacts: [{ id: 3001 }],
    deals: [{ id: 7001, rows: [{ productId: 1777 }] }],
  });
  expect(await control.arrived("bob@example.com")).toEqual({ contacts: [], deals: [] });
});

test("a refusal is told in the portal's words", async () => {
  await expect(control.act({ act: "deleteDeal", id: 5 })).rejects.toThrow("no deal 5");
});
