import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import { root } from "../../tools/run";
import { expect, perWorker } from "../fixtures";
import { testOnOwnStack } from "../own-stack";
import { type Shot, shots } from "./pages";
import { makeWorld, type World } from "./world";

const folder = join(root, "pictures");
const locales = ["en", "ru"] as const;
const schemes = ["light", "dark"] as const;
const widths = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } };

const test = testOnOwnStack("pictures", {
  env: { TIME_ZONE: "Europe/Moscow", OPERATOR_NAME: "Workshop Ltd", OPERATOR_EMAIL: "privacy@example.com" },
}).extend<object, { world: World }>({
  world: [
    async ({ stack, browser }, use) => {
      rmSync(folder, { recursive: true, force: true });
      await use(await makeWorld(stack, browser));
    },
    perWorker,
  ],
});

// A page that is not there is one of the pictures, and what pages report is the business of other specs.
test.use({ expectedProblems: [/./] });

for (const [page, all] of Object.entries(shots))
  for (const shot of all)
    test(`${page}${shot.name ? `, ${shot.name}` : ""}`, async ({ browser, stack, world }) => {
      for (const locale of locales)
        for (const colorScheme of schemes)
          for (const [width, viewport] of Object.entries(widths)) {
            const options = {
              locale: locale === "en" ? "en-GB" : "ru-RU",
              colorScheme,
              viewport,
              baseURL: stack.baseURL,
            };
            const target = join(folder, locale, colorScheme, width);
            mkdirSync(target, { recursive: true });
            await onPage(browser, shot, world, options, (opened) =>
              opened.screenshot({ path: join(target, `${fileName(page, shot)}.png`), fullPage: true }),
            );
          }
    });

const fileName = (page: string, { name }: Shot) =>
  `${page.replace(/[$()[\]]/g, "").replace(/_/g, "")}${name ? `-${name}` : ""}`;

/** Opens the page as its visitor, in a browser's context of its own, and takes the picture. */
async function onPage<Taken>(
  browser: Browser,
  shot: Shot,
  world: World,
  options: BrowserContextOptions,
  take: (page: Page) => Promise<Taken>,
): Promise<Taken> {
  const session = shot.as === "guest" ? {} : { storageState: world.sessions[shot.as] };
  const context = await browser.newContext({ ...options, ...session, reducedMotion: "reduce" });
  try {
    const page = await context.newPage();
    const answer = await page.goto(shot.path(world));
    expect(answer?.status(), shot.path(world)).toBeLessThan(500);
    await shot.act?.(page, world);
    await page.evaluate(() => document.fonts.ready);
    await expect(page.getByRole("main")).toBeVisible();
    return await take(page);
  } finally {
    await context.close();
  }
}

/** What README and documents show: file in docs, page and the part of the list of pictures that it is. */
const shown = [
  { file: "pictures/people.png", page: "admin.users._index", locale: "en-GB" },
  { file: "pictures/people.ru.png", page: "admin.users._index", locale: "ru-RU" },
  { file: "pictures/overview.png", page: "admin._index", locale: "en-GB" },
] as const;

for (const { file, page, locale } of shown)
  test(`docs/${file}`, async ({ browser, stack, world }) => {
    const [shot] = shots[page] ?? [];
    if (!shot) throw new Error(`There is no picture of ${page}.`);
    const options = { locale, viewport: widths.wide, baseURL: stack.baseURL };
    await onPage(browser, shot, world, options, (opened) => opened.screenshot({ path: join(root, "docs", file) }));
  });

/** A registration beside what the portal then holds, as README shows it first. */
for (const { file, locale } of [
  { file: "picture.png", locale: "en-GB" },
  { file: "picture.ru.png", locale: "ru-RU" },
])
  test(`docs/${file}`, async ({ browser, stack, world }) => {
    const options = { locale, viewport: { width: 820, height: 840 }, baseURL: stack.baseURL };
    const account: Shot = { as: "person", path: () => "/account" };
    const site = await onPage(browser, account, world, options, (opened) => opened.screenshot());
    const portal = await onPage(
      browser,
      { as: "guest", path: () => stack.portalURL },
      world,
      { ...options, viewport: { width: 1120, height: 840 } },
      (opened) => opened.screenshot(),
    );
    const page = await browser.newPage({ viewport: { width: 1400, height: 640 }, deviceScaleFactor: 1 });
    const image = (bytes: Buffer) => `<img alt="" src="data:image/png;base64,${bytes.toString("base64")}">`;
    await page.setContent(`<style>
      body { margin: 0; height: 640px; display: flex; gap: 24px; justify-content: center; align-items: center; background: #d9d1c3 }
      img { height: 576px; border-radius: 8px; box-shadow: 0 8px 24px #0003 }
    </style>${image(site)}${image(portal)}`);
    await page.screenshot({ path: join(root, "docs", file) });
    await page.close();
  });
