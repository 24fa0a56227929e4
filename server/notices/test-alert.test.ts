import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createAlertHarness } from "../test/alert-harness";
import { reviewAlerts } from "./review-alerts";
import { sendTestAlert } from "./test-alert";

let harness: Awaited<ReturnType<typeof createAlertHarness>>;
beforeAll(async () => {
  harness = await createAlertHarness();
});
afterAll(() => harness.close());
afterEach(() => harness.reset());

test("a test says what the bot's server answered, and leaves no row behind", async () => {
  const { desk, telegram, receiver, bodies, messages } = harness;
  receiver.answer = (_, response) => void response.writeHead(200).end('{"ok":true}');
  expect(await sendTestAlert(desk(telegram()), "telegram")).toEqual({ ok: true, said: "HTTP 200" });
  expect(bodies()).toMatchObject([{ chat_id: "-1001", text: expect.stringContaining("Test alert") }]);
  receiver.answer = (_, response) =>
    void response.writeHead(400).end('{"ok":false,"description":"Bad Request: chat not found"}');
  expect(await sendTestAlert(desk(telegram()), "telegram")).toEqual({
    ok: false,
    code: "HTTP_400",
    said: "Bad Request: chat not found",
  });
  expect(await messages()).toEqual([]);
});

test("an answer that is no JSON, or a long one, is an answer all the same", async () => {
  const { desk, telegram, receiver } = harness;
  for (const answer of ["<html>", "null", '"text"', "[]", "x".repeat(100_000)]) {
    receiver.answer = (_, response) => void response.writeHead(502).end(answer);
    expect(await sendTestAlert(desk(telegram()), "telegram"), answer.slice(0, 9)).toEqual({
      ok: false,
      code: "HTTP_502",
    });
  }
});

test("a test by mail and by address says whether it was taken; a channel that is not set up is not tried", async () => {
  const { desk, address, mailbox, mails } = harness;
  expect(await sendTestAlert(desk(), "mail")).toEqual({ ok: true });
  expect(mails()).toMatchObject([{ to: ["ops@example.com"], subject: "Test alert" }]);
  mailbox.refuse(true);
  expect(await sendTestAlert(desk(), "mail")).toMatchObject({ ok: false, code: "REFUSED" });
  expect(await sendTestAlert(desk(address()), "address")).toEqual({ ok: true, said: "HTTP 204" });
  expect(await sendTestAlert(desk({}), "telegram")).toEqual({ ok: false, code: "OFF" });
});

test("an address inside the network and half a bot are objected to before they are saved", () => {
  const { desk, telegram, address } = harness;
  const refused = { alertUrl: expect.stringContaining("https") };
  for (const url of ["http://example.com/hook", "https://10.0.0.1/", "https://user:secret@example.com/"])
    expect(reviewAlerts(desk({ ALERT_URL: url }).env, "en").problems, url).toEqual(refused);
  expect(reviewAlerts(desk(address()).env, "en")).toEqual({ problems: {}, warnings: [] });
  const { ALERT_TELEGRAM_TOKEN } = telegram();
  expect(reviewAlerts(desk({ ALERT_TELEGRAM_TOKEN }).env, "ru").warnings).toEqual([expect.stringContaining("чат")]);
  expect(reviewAlerts(desk(telegram()).env, "en").warnings).toEqual([]);
});
