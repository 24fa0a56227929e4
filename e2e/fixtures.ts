import { setTimeout as delay } from "node:timers/promises";
import { test as base, type ConsoleMessage } from "@playwright/test";
import type { PresetName } from "./portal/presets";
import { RemoteControl } from "./portal/remote-control";
import { remoteStack, type Stack, startStack } from "./stack";

export { expect } from "@playwright/test";
export { administrator } from "./stack";

/** What pages report while their server is away: polls without an answer. */
export const serverAway = /net::ERR_/;

interface Fixtures {
  patience: undefined;
  /** Console errors that a spec provokes on purpose: `test.use({ expectedProblems: [/…/] })`. */
  expectedProblems: RegExp[];
  /** What kind of portal the spec needs, for its own tests only: `test.use({ portalPreset: "strict-fields" })`. */
  portalPreset: PresetName;
  kindOfPortal: undefined;
  /** The portal as one holds it from outside: the stack's own, or with BASE_URL the one that PORTAL_URL names. */
  portal: RemoteControl;
  noProblems: undefined;
  /** Waits for a mail to the address, the first or a later one of those that came, and finds the link and code in it. */
  mails: (to: string, number?: number) => Promise<{ subject: string; text: string; link: string; code: string }>;
}

/** Playwright's test with a deployment behind it, and an eye on every page's console. */
export const test = base.extend<Fixtures, { stack: Stack }>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use, { workerIndex }) => {
      const { BASE_URL } = process.env;
      if (BASE_URL) return use(remoteStack(BASE_URL));
      const stack = await startStack(`server-${workerIndex}`);
      try {
        await use(stack);
      } finally {
        await stack.stop();
      }
    },
    { scope: "worker", timeout: 300_000 },
  ],

  baseURL: ({ stack }, use) => use(stack.baseURL),

  expectedProblems: [[], { option: true }],

  portalPreset: ["lenient", { option: true }],

  kindOfPortal: [
    async ({ stack, portalPreset }, use) => {
      if (portalPreset === "lenient") return use(undefined);
      const portal = new RemoteControl(stack.portalURL);
      const { preset } = await portal.state();
      await portal.applyPreset(portalPreset);
      await use(undefined);
      await portal.applyPreset(preset);
    },
    { auto: true },
  ],

  /** Whole again after each test, however that ended. */
  portal: async ({ stack }, use) => {
    const portal = new RemoteControl(stack.portalURL);
    await use(portal);
    await portal.clearFaults();
  },

  /** A running deployment limits how often an address may register or sign in: the spec waits as long as it says. */
  patience: [
    async ({ context }, use) => {
      if (process.env.BASE_URL)
        await context.route(
          () => true,
          async (route) => {
            if (route.request().method() !== "POST") return route.continue();
            let response = await route.fetch({ maxRedirects: 0 });
            while (response.status() === 429) {
              await delay(1_000 * Number(response.headers()["retry-after"] ?? 1));
              response = await route.fetch({ maxRedirects: 0 });
            }
            await route.fulfill({ response });
          },
        );
      await use(undefined);
    },
    { auto: true },
  ],

  mails: ({ stack }, use) =>
    use(async (to, number = 1) => {
      const found = () => stack.mailbox.mails.filter((mail) => mail.to.includes(to));
      await base.expect.poll(() => found().length, `mails to ${to}`).toBeGreaterThanOrEqual(number);
      const { subject = "", text = "" } = found()[number - 1] ?? {};
      const [link = ""] = /https?:\/\/\S+/.exec(text) ?? [];
      const [code = ""] = /\b\d{6}\b/.exec(text.replace(link, "")) ?? [];
      return { subject, text, link, code };
    }),

  /** A page that logs an error, throws, or breaks its own content security policy fails the spec. */
  noProblems: [
    async ({ context, expectedProblems }, use) => {
      const problems: string[] = [];
      context.on("console", (message) => {
        if (isProblem(message)) problems.push(`${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => problems.push(String(error.error())));
      await use(undefined);
      const unexpected = problems.filter((problem) => !expectedProblems.some((pattern) => pattern.test(problem)));
      base.expect(unexpected, "problems that the pages reported").toEqual([]);
    },
    { auto: true },
  ],
});

/** A page's data that a newer navigation, or the end of the page, has cut off while they were read: no page waits for them. */
const cutAnswer = /^AbortError: BodyStreamBuffer was aborted/;

/** Chromium also reports every answer of 400 and above; that a page refuses bad input is no fault of the page. */
function isProblem(message: ConsoleMessage): boolean {
  if (message.type() !== "error" || cutAnswer.test(message.text())) return false;
  const refused = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
  return !refused || new URL(message.location().url).pathname.startsWith("/assets/");
}
