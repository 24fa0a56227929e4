import { expect, test } from "vitest";
import { startCrm } from "../test/crm";
import { NoticeSender } from "./notice-sender";

test("while no mail is wanted, the database is not asked for any after a few looks, and again once one is", async () => {
  const { services } = await startCrm();
  const { db } = services;
  let asked = 0;
  const watched = new Proxy(db, {
    get: (target, name) => {
      asked++;
      return Reflect.get(target, name);
    },
  });
  const env = { ...services.env };
  const sender = new NoticeSender({ ...services, env, db: watched });
  const looks = async () => {
    const before = asked;
    for (let look = 0; look < 10; look++) await sender.runDue();
    return asked - before;
  };
  expect(await looks()).toBeGreaterThan(0);
  expect(await looks()).toBe(0);
  env.WELCOME_MAIL = "on";
  expect(await looks()).toBeGreaterThanOrEqual(10);
  env.WELCOME_MAIL = "off";
  await looks();
  expect(await looks()).toBe(0);
});
