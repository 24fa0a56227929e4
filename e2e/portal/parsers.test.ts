import { expect, test } from "vitest";
import { defaultSecret } from "./administration";
import { sendTo } from "./call-portal";
import { createPortal } from "./portal";
import { parseQuery } from "./protocol/query";

const path = `/rest/1/${defaultSecret}`;
const form = new URLSearchParams([
  ["fields[NAME]", "Ann Marie"],
  ["fields[PHONE][0][VALUE]", "+7 999"],
  ["fields[PHONE][0][VALUE_TYPE]", "MOBILE"],
  ["fields[EMAIL][][VALUE]", "a@x.example"],
]);

const stored = {
  name: "Ann Marie",
  fm: [
    { typeId: "PHONE", valueType: "MOBILE", value: "+7 999" },
    { typeId: "EMAIL", value: "a@x.example" },
  ],
};

test("a form with brackets, a multipart form and a query string mean the same", async () => {
  const portal = createPortal();
  const multipart = new FormData();
  for (const [name, value] of form) multipart.append(name, value);
  const send = (suffix: string, init?: RequestInit) => sendTo(portal, `${path}/crm.contact.add${suffix}`, init);
  const answers = [
    await send("", { method: "POST", body: form }),
    await send("", { method: "POST", body: multipart }),
    await send(`?${form}`),
    await send(`?${form}`, { method: "POST" }),
  ];
  for (const { body } of answers) expect(portal.contacts.get(Number(body.result))).toMatchObject(stored);
});

test("query and body are merged", async () => {
  const portal = createPortal();
  const contact = portal.staff.addContact({ name: "Ann" });
  const init = { method: "POST", body: new URLSearchParams({ "fields[NAME]": "Bea" }) };
  await sendTo(portal, `${path}/crm.contact.update?id=${contact.id}`, init);
  expect(portal.contacts.get(contact.id)?.name).toBe("Bea");
});

test("a JSON body on a GET is not read", async () => {
  const portal = createPortal();
  const body = JSON.stringify({ type: "PHONE", values: ["1"] });
  const request = new Request(`https://portal.example${path}/crm.duplicate.findbycomm`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  // A Request cannot be made with a body and GET; a server can receive one.
  Object.defineProperty(request, "method", { value: "GET" });
  const response = await portal.handle(request);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: "", error_description: "Communication type is not defined." });
});

test("older methods take their parameters in upper case, newer ones do not", async () => {
  const portal = createPortal();
  const older = await sendTo(portal, `${path}/crm.contact.add?FIELDS[NAME]=Ann`);
  expect(older.body.result).toBe(3001);
  expect((await sendTo(portal, `${path}/crm.contact.get?ID=3001`)).status).toBe(200);
  const newer = await sendTo(portal, `${path}/crm.item.get?ENTITYTYPEID=3&id=3001`);
  expect(newer.body.error).toBe(100);
});

test("a body that is no JSON counts as no parameters", async () => {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: "{broken" };
  const answer = await sendTo(createPortal(), `${path}/crm.contact.add`, init);
  expect(answer.body).toEqual({ error: "", error_description: "Parameter 'fields' must be array." });
});

test("a batch sent as a form is encoded twice", async () => {
  const portal = createPortal();
  const body = new URLSearchParams({
    "cmd[c]": `crm.contact.add?fields[NAME]=${encodeURIComponent("A & B")}`,
    halt: "1",
  });
  await sendTo(portal, `${path}/batch`, { method: "POST", body });
  expect(portal.contacts.get(3001)?.name).toBe("A & B");
});

test.each([
  ["a=1&b=&c", { a: "1", b: "", c: "" }],
  ["a[]=1&a[]=2", { a: ["1", "2"] }],
  ["a[5]=1&a[]=2", { a: { "5": "1", "6": "2" } }],
  ["a[0][x]=1&a[1][x]=2", { a: [{ x: "1" }, { x: "2" }] }],
  ["filter%5B%3EID%5D=5", { filter: { ">ID": "5" } }],
  ["a=%E4%BD%A0+%2B", { a: "你 +" }],
  ["a=100%", { a: "100%" }],
  ["a=1&a=2", { a: "2" }],
  ["a.b=1&c d=2&e[f=3", { a_b: "1", c_d: "2", e_f: "3" }],
  [" a=1&=2&[x]=3&b%00c=4", { a: "1", b: "4" }],
  ["a[0]x[1]=1&b[[c]=2&d[x]]=3", { a: ["1"], b: { "[c": "2" }, d: { x: "3" } }],
  ["a[ ]=1&b[ c]=2&d[01]=3&d[]=4", { a: ["1"], b: { " c": "2" }, d: { "01": "3", "0": "4" } }],
  ["a=Скидка 100%&b=%D0%98%", { a: "Скидка 100%", b: "И%" }],
])("the query %s is read as PHP reads it", (query, expected) => {
  expect(parseQuery(query)).toEqual(expected);
});

test("a key named like a built-in member stays an ordinary key", () => {
  const parsed = parseQuery("__proto__[polluted]=1&constructor=2");
  expect(Object.keys(parsed)).toEqual(["__proto__", "constructor"]);
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});
