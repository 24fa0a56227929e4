import { expect, test } from "vitest";
import { defaultSecret } from "./administration";
import { callBatch, callPortal, sendTo } from "./call-portal";
import { createPortal } from "./portal";

const addContact = "crm.contact.add?fields[NAME]=Ann";
const missingDeal = "crm.deal.get?id=999";

test("commands run in their order and answer in five maps with status 200", async () => {
  const portal = createPortal();
  const { status, body } = await callPortal(portal, "batch", {
    cmd: { c: addContact, l: "crm.contact.list?select[]=ID" },
  });
  expect(status).toBe(200);
  expect(body.result).toMatchObject({
    result: { c: 3001, l: [{ ID: "3001" }] },
    result_error: [],
    result_total: { l: 1 },
    result_next: [],
    result_time: { c: { duration: expect.any(Number) }, l: { duration: expect.any(Number) } },
  });
  expect(body.time).toMatchObject({ duration: expect.any(Number) });
});

test("a failed command stands in the errors alone, and the others run", async () => {
  const portal = createPortal();
  const { result, result_error, result_time } = await callBatch(portal, { a: missingDeal, b: addContact });
  expect(result_error).toEqual({ a: { error: "", error_description: "Not found" } });
  expect(Object.keys(result)).toEqual(["b"]);
  expect(Object.keys(result_time)).toEqual(["b"]);
});

test("with halt the first failure ends the batch, and later commands are in none of the maps", async () => {
  const portal = createPortal();
  const maps = await callBatch(portal, { a: addContact, b: missingDeal, c: addContact }, 1);
  expect(Object.keys(maps.result)).toEqual(["a"]);
  expect(Object.keys(maps.result_error)).toEqual(["b"]);
  expect(JSON.stringify(maps)).not.toContain('"c"');
  expect(portal.contacts.size).toBe(1);
});

test("nothing is rolled back when a later command fails", async () => {
  const portal = createPortal();
  await callBatch(portal, { a: addContact, b: missingDeal }, 1);
  expect(portal.contacts.size).toBe(1);
});

test("keys from 0 on make a list, a gap makes it a map", async () => {
  const portal = createPortal();
  expect((await callBatch(portal, [addContact, addContact])).result).toEqual([3001, 3002]);
  const mixed = await callBatch(portal, [addContact, missingDeal, addContact]);
  expect(mixed.result).toEqual({ "0": 3003, "2": 3004 });
  expect(mixed.result_error).toEqual({ "1": { error: "", error_description: "Not found" } });
  const failed = await callBatch(portal, [missingDeal]);
  expect(failed.result).toEqual([]);
  expect(failed.result_error).toEqual([{ error: "", error_description: "Not found" }]);
});

test("commands of a form run in the order in which they were sent, whatever their numbers", async () => {
  const portal = createPortal();
  const named = (name: string) => encodeURIComponent(`crm.contact.add?fields[NAME]=${name}`);
  const send = async (form: string) =>
    (await sendTo(portal, `/rest/1/${defaultSecret}/batch`, { method: "POST", body: new URLSearchParams(form) })).body;
  const deep = await send(`cmd[10]=${named("Ann")}&cmd[5]=${named("Bea")}&cmd[x]=${named("Cid")}`);
  expect(deep.result).toMatchObject({ result: { "10": 3001, "5": 3002, x: 3003 }, result_error: [] });
  const turned = await send(`cmd[1]=${named("Dan")}&cmd[0]=${named("Eva")}`);
  expect(turned.result).toMatchObject({ result: { "1": 3004, "0": 3005 } });
  expect(Array.isArray((turned.result as { result: unknown }).result)).toBe(false);
});

test("a value that is one reference takes the type of what it refers to", async () => {
  const portal = createPortal();
  const { result } = await callBatch(portal, {
    c: "crm.item.add?entityTypeId=3&fields[name]=Ann",
    d: "crm.item.add?entityTypeId=2&fields[contactIds][0]=$result[c][item][id]",
    found: "crm.duplicate.findbycomm?type=PHONE&values[]=1",
  });
  expect(result.d).toMatchObject({ item: { contactIds: [3001] } });
});

test("a list is handed on as a list", async () => {
  const portal = createPortal();
  const { result } = await callBatch(portal, {
    a: "crm.contact.add?fields[NAME]=A&fields[EMAIL][0][VALUE]=a@x.example",
    b: "crm.contact.add?fields[NAME]=B&fields[EMAIL][0][VALUE]=a@x.example",
    found: "crm.duplicate.findbycomm?type=EMAIL&values[]=a@x.example",
    deal: "crm.item.add?entityTypeId=2&fields[contactIds]=$result[found][CONTACT]",
  });
  expect(result.deal).toMatchObject({ item: { contactIds: [3001, 3002] } });
});

test("after a failed producer the whole list of results is put in its place, so the deal is made without a contact", async () => {
  const portal = createPortal();
  const { result } = await callBatch(portal, {
    c: "crm.contact.add?fields[POST]=nameless",
    d: "crm.deal.add?fields[TITLE]=T&fields[CONTACT_ID]=$result[c]",
    t: "crm.deal.add?fields[TITLE]=of $result[c]",
  });
  expect(portal.deals.get(result.d as number)).toMatchObject({ contactId: null, contactIds: [] });
  expect(portal.deals.get(result.t as number)?.title).toBe("of Array");
});

test("a reference swallows the text up to the next space", async () => {
  const portal = createPortal();
  await callBatch(portal, { c: addContact, d: "crm.deal.add?fields[TITLE]=for $result[c]! and more" });
  expect([...portal.deals.values()].map(({ title }) => title)).toEqual(["for 3001 and more"]);
});

test("words of a person that look like references are replaced, in any case and in keys as well", async () => {
  const portal = createPortal();
  await callBatch(portal, { p: "profile", c: "crm.contact.add?fields[NAME]=$RESULT[p][NAME]&fields[$result[p][x]]=y" });
  expect([...portal.contacts.values()].map(({ name }) => name)).toEqual(["Vera"]);
});

test("totals, errors and times of earlier commands can be referred to", async () => {
  const portal = createPortal();
  await callBatch(portal, {
    l: "crm.contact.list",
    e: missingDeal,
    d: "crm.deal.add?fields[TITLE]=$total[l] $error[e][error_description]",
  });
  expect([...portal.deals.values()].map(({ title }) => title)).toEqual(["0 Not found"]);
});

test("all values inside a batch are text", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" }, { phones: ["79990000000"] });
  const found = { c: "crm.duplicate.findbycomm?type=PHONE&values[]=79990000000" };
  expect((await callBatch(portal, found)).result).toEqual({ c: { CONTACT: [3001] } });
});

test("the 51st command and those after it are refused, the first fifty run", async () => {
  const portal = createPortal();
  const cmd = Object.fromEntries(Array.from({ length: 52 }, (_, index) => [`c${index}`, addContact]));
  const { result, result_error } = await callBatch(portal, cmd);
  expect(Object.keys(result)).toHaveLength(50);
  expect(Object.keys(result_error)).toEqual(["c50", "c51"]);
  expect(result_error.c50?.error).toBe("ERROR_BATCH_LENGTH_EXCEEDED");
  expect(portal.contacts.size).toBe(50);
});

test("a batch in a batch is refused, an unknown method is an error of its own command", async () => {
  const { result_error } = await callBatch(createPortal(), { a: "batch?cmd[x]=profile", b: "crm.nothing.get" });
  expect(result_error.a?.error).toBe("ERROR_BATCH_METHOD_NOT_ALLOWED");
  expect(result_error.b?.error).toBe("ERROR_METHOD_NOT_FOUND");
});

test("commands that are no text are skipped without a word", async () => {
  const maps = await callBatch(createPortal(), { a: { method: "profile" }, b: "profile" });
  expect(Object.keys(maps.result)).toEqual(["b"]);
  expect(maps.result_error).toEqual([]);
});

test("a raw hash ends a command and a raw plus is a space", async () => {
  const portal = createPortal();
  await callBatch(portal, { a: "crm.contact.add?fields[NAME]=Ann+Marie#&fields[POST]=lost" });
  expect(portal.contacts.get(3001)).toMatchObject({ name: "Ann Marie", post: "" });
});

test("a planned error takes the place of one command", async () => {
  const portal = createPortal();
  portal.fail({ kind: "command", method: "crm.contact.add", match: "Bob", code: "ERROR_CORE", text: "No" });
  const { result, result_error } = await callBatch(portal, { a: addContact, b: "crm.contact.add?fields[NAME]=Bob" });
  expect(Object.keys(result)).toEqual(["a"]);
  expect(result_error).toEqual({ b: { error: "ERROR_CORE", error_description: "No" } });
});

test("a planned error takes the place of a batch as a whole only if it names batches", async () => {
  const portal = createPortal();
  portal.fail({ kind: "command", method: "batch", code: "ERROR_CORE", text: "No" });
  const { status, body } = await callPortal(portal, "batch", { cmd: { a: addContact } });
  expect({ status, body }).toMatchObject({ status: 400, body: { error: "ERROR_CORE" } });
  expect(portal.contacts.size).toBe(0);
  portal.clearFaults();
  portal.fail({ kind: "command" });
  expect((await callBatch(portal, { a: addContact })).result_error).toMatchObject({ a: { error: "ERROR_CORE" } });
});

test("a batch may come back empty, without results and without errors", async () => {
  const portal = createPortal();
  portal.fail({ kind: "emptyBatch", times: 1, executed: true });
  const maps = await callBatch(portal, { a: addContact });
  expect(maps).toMatchObject({ result: [], result_error: [] });
  expect(portal.contacts.size).toBe(1);
});
