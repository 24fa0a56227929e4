import { expect, test } from "vitest";
import { holdsAnyEmail, holdsEmail } from "./email-in-text";

test.each([
  "ann@example.com",
  "ANN@Example.com",
  "Ann Lee <ann@example.com>",
  "write to 'ann@example.com'.",
  "ann@example.com/joe@example.com",
  "joe@example.com:::ann@example.com",
  "https://example.org/?mail=ann@example.com&x=1",
  "ann@example.com-",
  "joann@example.com, ann@example.com",
  "mail:ann@example.com...soon",
])("a text names a person by the address: %s", (text) => {
  expect(holdsEmail(text, "ann@example.com")).toBe(true);
});

test.each([
  "joann@example.com",
  "jo.ann@example.com",
  "jo-ann@example.com",
  "jo+ann@example.com",
  "o'ann@example.com",
  "e=ann@example.com",
  "ann@example.com.ru",
  "ann@example.community",
  "ann@example.com-shop.ru",
  "joe, joann@example.com and others",
  "ann",
])("a text with a longer address names another person: %s", (text) => {
  expect(holdsEmail(text, "ann@example.com")).toBe(false);
});

test("an international address is found in both spellings, and not in a longer one", () => {
  const email = "ivan@xn--80a1acny.xn--p1ai";
  expect(["от ivan@почта.рф.", "ivan@xn--80a1acny.xn--p1ai"].map((text) => holdsEmail(text, email))).toEqual([
    true,
    true,
  ]);
  expect(["от ivan@почта.рфи", "div-ivan@почта.рф"].map((text) => holdsEmail(text, email))).toEqual([false, false]);
});

test.each([
  "ninel@former.example",
  "to-ninel%40former.example",
  "to-ninel%2540former%252eexample",
  "letter ninel＠former.example",
  "ninel﹫former．example",
  "иван@почта.рф",
  "ivan@%D0%BF%D0%BE.%D1%80%D1%84",
  "e=n@mail.xn--p1ai",
])("%s holds an address", (text) => {
  expect(holdsAnyEmail(text)).toBe(true);
});

test.each([
  "@courses_channel",
  "tg:@courses_channel",
  "news @courses.channel",
  "t.me/@courses.channel",
  "20%40off",
  "2@1.50",
  "sale@spring",
  "vk",
  "",
])("%j holds no address", (text) => {
  expect(holdsAnyEmail(text)).toBe(false);
});
