import { expect, test } from "vitest";
import { renamedTarget } from "./portal-rename";

const path = "/rest/1/thekey/profile";
const cloud = `https://old.bitrix24.ru${path}`;

test("a cloud portal may be renamed to another cloud portal, whatever its country", () => {
  for (const host of ["new.bitrix24.ru", "new.bitrix24.com", "new.bitrix24.com.br", "new.eu.bitrix24.de"])
    expect(renamedTarget(cloud, `https://${host}${path}`)).toBe(`https://${host}${path}`);
});

test("what stands beside host and path is dropped", () => {
  expect(renamedTarget(cloud, `https://user:word@new.bitrix24.ru${path}?a=1#b`)).toBe(`https://new.bitrix24.ru${path}`);
});

test("the key goes to no other place", () => {
  for (const location of [
    null,
    "",
    "https://",
    `https://thief.example${path}`,
    `https://bitrix24.ru.thief.example${path}`,
    `https://notbitrix24.ru${path}`,
    `http://new.bitrix24.ru${path}`,
    "https://new.bitrix24.ru/rest/1/otherkey/profile",
    "https://new.bitrix24.ru/login/",
    `https://new.bitrix24.ru/x${path}`,
  ])
    expect(renamedTarget(cloud, location), String(location)).toBeNull();
});

test("a portal of one's own is not followed: its domain tells nothing about another", () => {
  const own = `https://crm.company.example${path}`;
  expect(renamedTarget(own, `https://new.company.example${path}`)).toBeNull();
  expect(renamedTarget(own, `https://new.bitrix24.ru${path}`)).toBeNull();
});

test("a portal on this machine is followed on this machine only", () => {
  const local = `http://127.0.0.1:3024${path}`;
  expect(renamedTarget(local, `http://localhost:3024${path}`)).toBe(`http://localhost:3024${path}`);
  expect(renamedTarget(local, `https://new.bitrix24.ru${path}`)).toBeNull();
});
