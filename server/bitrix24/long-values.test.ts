import { expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { crmSettingsOf } from "./crm-settings";
import { dealComment } from "./deal-comment";
import { mappedFields, type PlacedRule } from "./mapped-fields";
import { type Person, unsent } from "./person";
import type { PortalField } from "./sent-fields";

const settings = crmSettingsOf(parseEnv({ NODE_ENV: "test", APP_URL: "https://site.example" }));

const answer = (key: string, text: string) => ({ key, label: `Question ${key}`, texts: [text], spellings: [[text]] });

const person = (changes: Partial<Person>): Person => ({
  userId: 7,
  createdAt: new Date(),
  insertedAt: new Date(),
  firstName: "Ann",
  lastName: null,
  company: "Acme",
  email: "ann@example.com",
  phone: "+79990000000",
  phoneExtension: null,
  locale: "en",
  utm: {},
  visit: {},
  settings,
  assignedById: null,
  emailConfirmed: false,
  ...unsent(),
  ...changes,
});

const field = (changes: Partial<PortalField>): PortalField => ({
  name: "ufCrmX",
  upperName: "UF_CRM_X",
  title: "X",
  required: false,
  type: "text",
  multiple: false,
  items: [],
  ...changes,
});

const rule = (source: string, place: PortalField): PlacedRule => ({ entity: "deal", field: "UF_CRM_X", source, place });

const placing = { siteUrl: "https://site.example", zone: "UTC" };

test("an answer as long as a form takes stands whole in the comment, and in a field of texts", () => {
  const text = "ж".repeat(5_000);
  const long = person({ answers: [answer("story", text)] });
  expect(dealComment(long)).toBe(`Company: Acme\nQuestion story: ${text}`);
  const { fields, told } = mappedFields(long, "deal", { ...placing, rules: [rule("answer.story", field({}))] });
  expect(fields).toEqual({ ufCrmX: text });
  expect([...told]).toEqual(["answer.story"]);
});

test("answers that are longer together than the portal keeps leave a comment that says where the others are", () => {
  const answers = Array.from({ length: 12 }, (_, index) => answer(`q${index}`, "ж".repeat(5_000)));
  const comment = dealComment(person({ answers: [...answers, answer("size", "large")], leftOut: ["EMAIL"] })) ?? "";
  expect(Buffer.byteLength(comment)).toBeLessThan(65_535);
  const lines = comment.split("\n");
  expect(lines[0]).toBe("Company: Acme");
  expect(lines).toContain("Question size: large");
  expect(lines).toContain("E-mail: ann@example.com");
  expect(lines).toContain("Further answers, which are too long for this comment: https://site.example/admin/users/7");
  const whole = lines.filter((line) => /^Question q\d+: ж+$/.test(line));
  expect(whole).toHaveLength(3);
  expect(whole.every((line) => line.endsWith("ж".repeat(5_000)))).toBe(true);
});

test("a value that no longer fits beside earlier ones of its field is told elsewhere, and not cut", () => {
  const answers = Array.from({ length: 6 }, (_, index) => answer(`q${index}`, String(index).repeat(5_000)));
  const rules = answers.map(({ key }) => rule(`answer.${key}`, field({})));
  const { fields, told } = mappedFields(person({ answers }), "deal", { ...placing, rules });
  expect(String(fields.ufCrmX).split("\n")).toEqual([0, 1, 2].map((digit) => String(digit).repeat(5_000)));
  expect([...told]).toEqual(["answer.q0", "answer.q1", "answer.q2"]);
});

test("several values of a field that takes several are its entries, each once", () => {
  const rules = ["utm_source", "utm_medium", "utm_campaign"].map((source) => rule(source, field({ multiple: true })));
  const utm = { UTM_SOURCE: "mail", UTM_MEDIUM: "letter", UTM_CAMPAIGN: "mail" };
  const { fields, told } = mappedFields(person({ utm }), "deal", { ...placing, rules });
  expect(fields).toEqual({ ufCrmX: ["mail", "letter"] });
  expect(told.size).toBe(3);
});

test("a field that takes one value keeps the first, and the other stands where values without a field stand", () => {
  const items = [
    { id: 1, value: "small" },
    { id: 2, value: "red" },
  ];
  const answers = [answer("size", "small"), answer("colour", "red")];
  const rules = answers.map(({ key }) => rule(`answer.${key}`, field({ type: "enumeration", items })));
  const { fields, told } = mappedFields(person({ answers }), "deal", { ...placing, rules });
  expect(fields).toEqual({ ufCrmX: 1 });
  expect(dealComment(person({ answers }), null, told)).toBe("Company: Acme\nQuestion colour: red");
});
