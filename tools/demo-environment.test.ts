import { expect, test } from "vitest";
import { passedToSite, portOf, unheededSettings } from "./demo-environment";

test("limits and the token of the metrics reach the demo's site, and nothing of a real installation does", () => {
  const env = {
    RATE_LIMIT_REGISTER: "0",
    RATE_LIMIT_LOGIN: "0",
    METRICS_TOKEN: "m".repeat(16),
    BITRIX24_WEBHOOK_URL: "https://portal.example/rest/1/key/",
    DATABASE_URL: "postgres://real/crm",
  };
  expect(passedToSite(env)).toEqual({
    RATE_LIMIT_REGISTER: "0",
    RATE_LIMIT_LOGIN: "0",
    METRICS_TOKEN: "m".repeat(16),
  });
});

test("settings that the demo does not heed are named, without their values", () => {
  const line = unheededSettings({
    ADMIN_PASSWORD: "secret words of the owner",
    BITRIX24_PRODUCT_ID: "5",
    RATE_LIMIT_LOGIN: "0",
    PORT: "4000",
    NODE_ENV: "test",
    ROLE: " ",
    PATH: "/bin",
  });
  expect(line).toBe("The demo does not heed BITRIX24_PRODUCT_ID, ADMIN_PASSWORD: npm start does.");
});

test("nothing is said where every setting has its effect", () => {
  expect(unheededSettings({ PORT: "4000", METRICS_TOKEN: "m".repeat(16), HOME: "/home" })).toBeNull();
});

test("a port is a number that a port can have, or the demo does not begin", () => {
  expect(portOf({ PORT: " 4000 " }, "PORT", 3000)).toBe(4000);
  expect(portOf({ PORT: "" }, "PORT", 3000)).toBe(3000);
  for (const PORT of ["many", "70000", "-1", "3000.5"])
    expect(() => portOf({ PORT }, "PORT", 3000)).toThrow(`PORT=${PORT}: expected a port from 0 to 65535.`);
});
