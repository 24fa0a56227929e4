import { request } from "node:http";
import { afterAll, expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { entityNames } from "./crm/fields";
import { createPortal, type Portal } from "./portal";
import { presetNames } from "./presets";
import { startPortal } from "./server";

const addDeal = (portal: Portal, fields: object = {}) =>
  callPortal(portal, "crm.item.add", { entityTypeId: 2, fields: { title: "T", ...fields } });

test.each(presetNames)("a portal can be begun as %s, and become it later with what it holds", async (preset) => {
  const begun = createPortal({ preset });
  const changed = createPortal();
  changed.staff.addDeal({ title: "T" });
  changed.fail({ kind: "hang" });
  changed.configure({ language: "ru" });
  changed.applyPreset(preset);
  expect(changed.settings).toEqual(begun.settings);
  expect(changed.faults).toEqual(begun.faults);
  expect([begun.preset, changed.preset, changed.deals.size]).toEqual([preset, preset, 1]);
  changed.applyPreset("lenient");
  expect(changed.settings).toEqual(createPortal().settings);
  expect(changed.faults).toEqual([]);
});

test("what a portal is begun with stays, whatever it becomes, and comes back with a reset", () => {
  const portal = createPortal({ limits: { bucket: 7 }, language: "ru", preset: "old-box" });
  expect(portal.settings).toMatchObject({ language: "ru", limits: { bucket: 7, operatingSeconds: 0 } });
  portal.applyPreset("asleep");
  expect(portal.settings).toMatchObject({ language: "ru", limits: { bucket: 7, operatingSeconds: 480 } });
  expect(portal.faults).toMatchObject([{ kind: "asleep" }]);
  portal.reset();
  expect(portal.preset).toBe("old-box");
  expect(portal.faults).toEqual([]);
});

test("each preset is what its name says", async () => {
  const of = (preset: (typeof presetNames)[number]) => createPortal({ preset });
  expect((await addDeal(of("ordinary"))).status).toBe(200);
  expect((await addDeal(of("ordinary"), { sourceId: "NOWHERE" })).body.error).toBe("CRM_FIELD_ERROR_VALUE_NOT_VALID");
  const ordinary = of("ordinary");
  ordinary.staff.addDeal({ title: "T" });
  const unsold = { ownerType: "D", ownerId: 7001, productRows: [{ productId: 5, price: 1 }] };
  expect((await callPortal(ordinary, "crm.item.productrow.set", unsold)).body.error).toBe("INVALID_ARG_VALUE");
  expect((await addDeal(of("strict-fields"))).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
  expect((await callPortal(of("employees-webhook"), "profile")).body.result).toMatchObject({ ADMIN: false });
  expect((await addDeal(of("old-box"))).body.error).toBe("NOT_FOUND");
  expect((await addDeal(of("three-byte-box"), { title: "😀" })).status).toBe(500);
  const robots = of("robots");
  await addDeal(robots, { currencyId: "USD" });
  await robots.settled();
  expect(robots.deals.get(7001)).toMatchObject({ stageId: "PREPARATION", assignedById: 3, currencyId: "RUB" });
});

test.each(entityNames)(
  "an employee's webhook sees and changes no %s of a colleague, and deletes none",
  async (entity) => {
    const portal = createPortal({ preset: "employees-webhook" });
    const makers = {
      lead: (assignedById: number) => portal.staff.addLead({ title: "T", assignedById }),
      deal: (assignedById: number) => portal.staff.addDeal({ title: "T", assignedById }),
      contact: (assignedById: number) => portal.staff.addContact({ name: "T", assignedById }),
      company: (assignedById: number) => portal.staff.addCompany({ title: "T", assignedById }),
    };
    const [own, other] = [makers[entity](1).id, makers[entity](2).id];
    const call = async (verb: string, params: object) =>
      (await callPortal(portal, `crm.${entity}.${verb}`, params)).body;
    expect((await call("list", {})).result).toMatchObject([{ ID: String(own) }]);
    expect(await call("update", { id: own, fields: { COMMENTS: "C" } })).toMatchObject({ result: true });
    expect(await call("update", { id: other, fields: { COMMENTS: "C" } })).toMatchObject({ error: "" });
    expect(await call("delete", { id: own })).toMatchObject({ error: "" });
  },
);

test("where everybody is refused, no method makes anything", async () => {
  const portal = createPortal({ preset: "refuses-everybody" });
  const { body } = await callPortal(portal, "methods", { full: true });
  const makers = (body.result as string[]).filter(
    (name) => /\.(add|batchimport|set)$/i.test(name) && !/^im\.|\.(contact|company)\.(add|items)|\.items\./.test(name),
  );
  makers.push("crm.contact.add", "crm.company.add");
  expect(makers).toContain("crm.timeline.comment.add");
  for (const method of makers) {
    const answer = await callPortal(portal, method);
    expect([method, answer.body.error, answer.body.error_description]).toEqual([
      method,
      "ERROR_CORE",
      "Internal error",
    ]);
  }
  expect((await callPortal(portal, "crm.item.list", { entityTypeId: 2 })).status).toBe(200);
});

const server = await startPortal({ names: ["portal"] });
afterAll(() => server.close());

test("another process can choose a preset, and is told which there are", async () => {
  const choose = (preset: unknown) =>
    fetch(`${server.url}/control/preset`, { method: "POST", body: JSON.stringify({ preset }) });
  expect((await choose("three-byte-box")).status).toBe(200);
  expect(server.portal.settings.switches.fourByteText).toBe("refused");
  const refused = await choose("toString");
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain("busy-managers");
  await choose("lenient");
});

/** `fetch` lets nobody choose the Host header. */
function statusFor(host: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.url);
    request({ host: "127.0.0.1", port, path, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

test.each(["/control/state", "/", "/rest/1/standinportalkey/profile"])(
  "%s answers to this machine's own names and to those it was given, so that no page can reach it by another",
  async (path) => {
    for (const host of ["localhost", "127.0.0.1:1", "127.1.2.3", "[::1]:80", "portal", "LOCALHOST"]) {
      expect(await statusFor(host, path), host).toBe(200);
    }
    for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0", "x y"]) {
      expect(await statusFor(host, path), host).toBe(421);
    }
  },
);
