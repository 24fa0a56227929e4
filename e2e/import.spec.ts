import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { encode } from "../server/test/encode";
import { administrator, expect, serverAway, test } from "./fixtures";
import { alive } from "./page-script";
import { register, signIn } from "./people";
import { accessibilityViolations, overflow } from "./violations";

/** A list of people whom nobody else has: its good lines, and what the bad ones are refused for. */
function newList(count = 3) {
  const id = randomUUID();
  const emailOf = (index: number) => `import-${index}-${id}@example.com`;
  const line = (index: number) =>
    `Имя${index};Фамилия${index};${emailOf(index)};8 912 ${String(1_000_000 + index)};${index === 0 ? "да" : ""};vk`;
  const good = Array.from({ length: count }, (_, index) => line(index));
  const bad = ["Борис;;no-address;12;;", line(0)];
  const text = ["Имя;Фамилия;Почта;Телефон;Оплачено;utm_source;Комментарий", ...good, ...bad].join("\r\n");
  return { id, emailOf, file: { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) } };
}

type ImportFile = ReturnType<typeof newList>["file"];

async function openImport(page: Page): Promise<void> {
  await page.goto("/login?redirectTo=/admin/import");
  await signIn(page, administrator);
  await expect(page).toHaveURL("/admin/import");
}

async function upload(page: Page, file: ImportFile): Promise<void> {
  await page.getByLabel("List of people (CSV)").setInputFiles(file);
  await page.getByRole("button", { name: "Check the list" }).click();
}

/** By the Tab key to an element that can be seen then; fails where the key never leads there. */
async function tabTo(page: Page, target: Locator, way?: "backwards"): Promise<void> {
  await expect(target).toBeVisible();
  const isFocused = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 60 && !(await isFocused()); presses++)
    await page.keyboard.press(way ? "Shift+Tab" : "Tab");
  await expect(target).toBeFocused();
  await expect(target).toBeInViewport();
}

/**
 * Chooses by typing what the option begins with. After a pause of a second, which a busy machine may make, the browser takes
 * the next letter for the first one of another option: then it is typed once more.
 */
async function typeChoice(
  page: Page,
  select: Locator,
  { text, value }: { text: string; value: string },
): Promise<void> {
  await expect(async () => {
    await page.keyboard.type(text);
    await expect(select).toHaveValue(value, { timeout: 2_000 });
  }).toPass();
}

const isDone = (page: Page) => expect(page.locator("[data-import-state=done]")).toBeVisible();
/** The value beside a name in the list of counts. */
const count = (page: Page, name: string) => page.locator("dl > div").filter({ hasText: name }).locator("dd");

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", { tag: "@stack" }, () => {
    test.use({ javaScriptEnabled });

    test("a list is looked through, confirmed and carried out, and its people are among the others", async ({
      page,
    }) => {
      const list = newList();
      await openImport(page);
      await upload(page, list.file);

      await expect(count(page, "Will be imported")).toHaveText("3");
      await expect(count(page, "Duplicates in the list")).toHaveText("1");
      await expect(count(page, "Rejected")).toHaveText("1");
      await expect(page.getByText("Columns that are not used: Комментарий")).toBeVisible();
      await expect(page.getByText(list.emailOf(0))).toBeVisible();
      await expect(page.getByText("+79121000000")).toBeVisible();
      await expect(page.getByText("E-mail: not an address; Phone: number not recognised")).toBeVisible();
      await expect(page.getByText("Line 6")).toBeVisible();

      await page.getByRole("button", { name: "Import 3 people" }).click();
      await isDone(page);
      await expect(count(page, "Imported")).toHaveText("3");

      await page.goto(`/admin/users?q=${list.id}`);
      for (const index of [0, 1, 2]) await expect(page.getByText(list.emailOf(index))).toBeVisible();
    });

    test("a file that cannot be a list is explained beside the file input", async ({ page }) => {
      await openImport(page);
      await upload(page, {
        name: "people.csv",
        mimeType: "text/csv",
        buffer: Buffer.from('Имя;Почта\nАнна;a@b.example\n"Анна "Аня"";b@b.example\n'),
      });
      await expect(page.getByRole("alert")).toContainText("The quotation mark that opens a cell on line 3");
      await upload(page, { name: "people.xlsx", mimeType: "application/zip", buffer: Buffer.from("PK\u0003\u0004") });
      await expect(page.getByRole("alert")).toContainText("This is a spreadsheet.");
    });

    test("an administrator chooses the columns' meanings and the time zone", async ({ page, stack }) => {
      const { id } = newList();
      const lines = [
        "Кто;Писать;Звонить;Ещё номер;Когда",
        `Иванова Анна Петровна;anna-${id}@example.com;;8 912 345-67-89;01.03.2025 10:30`,
        `Ли Борис;boris-${id}@example.com;79123456780.0;;02.03.2025 10:30`,
      ];
      const buffer = encode(lines.join("\r\n"), "ibm866");
      await openImport(page);
      await upload(page, { name: "people.csv", mimeType: "text/csv", buffer });

      await expect(page.getByText("The encoding was recognised as DOS (CP866).")).toBeVisible();
      await expect(page.getByRole("alert")).toContainText("Choose the column for: First name.");
      await expect(page.getByRole("button", { name: /^Import/ })).toHaveCount(0);
      await expect(page.getByText("Иванова Анна Петровна · Ли Борис")).toBeVisible();
      await page.getByLabel("Column “Кто”").selectOption("Full name (will be split)");
      await page.getByLabel("Column “Звонить”").selectOption("Phone");
      await page.getByLabel("Column “Ещё номер”").selectOption("Phone");
      await page.getByRole("button", { name: "Check again" }).click();

      await expect(count(page, "Will be imported")).toHaveText("2");
      await expect(page.getByText("Several columns are “Phone”")).toContainText("“Звонить”, “Ещё номер”");
      await expect(page.getByText("Анна Петровна Иванова")).toBeVisible();
      await expect(page.getByText("+79123456780")).toBeVisible();

      // Who changes a column and confirms at once is shown the outcome first.
      await page.getByLabel("Column “Когда”").selectOption("Registered");
      await page.getByLabel("Time zone of the times in the list").selectOption("Asia/Vladivostok");
      await page.getByRole("button", { name: "Import 2 people" }).click();
      await expect(page.getByText("You have chosen other columns or another zone.")).toBeVisible();
      await expect(page.getByText("1 March 2025 at 00:30 UTC")).toBeVisible();
      expect(await stack.db.user.count({ where: { email: { contains: id } } })).toBe(0);
      await page.getByRole("button", { name: "Import 2 people" }).click();
      await isDone(page);

      expect(await stack.db.user.findUnique({ where: { email: `anna-${id}@example.com` } })).toMatchObject({
        firstName: "Анна Петровна",
        lastName: "Иванова",
        phone: "+79123456789",
        createdAt: new Date("2025-03-01T00:30:00Z"),
      });
    });

    test("the columns are named, the zone is said and the list is imported with the keys of a keyboard alone", {
      tag: "@desktop",
    }, async ({ page, stack }) => {
      const { id } = newList();
      const text = `Кто;Писать;Звонить;Когда\r\nИванова Анна;anna-${id}@example.com;8 912 345-67-89;01.03.2025 10:30`;
      await openImport(page);
      // The browser's own window for files is the only thing that a test cannot reach by keys.
      const chooser = page.waitForEvent("filechooser");
      await tabTo(page, page.getByLabel("List of people (CSV)"));
      await page.keyboard.press("Space");
      await (await chooser).setFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
      await tabTo(page, page.getByRole("button", { name: "Check the list" }));
      await page.keyboard.press("Enter");

      // In the order in which they are seen: the columns as in the list, the zone, and what reads the list again.
      const who = page.getByLabel("Column “Кто”");
      await tabTo(page, who);
      await typeChoice(page, who, { text: "Full name", value: "fullName" });
      await page.keyboard.press("Tab");
      await expect(page.getByLabel("Column “Писать”")).toBeFocused();
      await page.keyboard.press("Tab");
      await expect(page.getByLabel("Column “Звонить”")).toBeFocused();
      await page.keyboard.press("Tab");
      const when = page.getByLabel("Column “Когда”");
      await expect(when).toBeFocused();
      await typeChoice(page, when, { text: "Registered", value: "registeredAt" });
      await page.keyboard.press("Tab");
      const zone = page.getByLabel("Time zone of the times in the list");
      await expect(zone).toBeFocused();
      await typeChoice(page, zone, { text: "Asia/Vladivostok", value: "Asia/Vladivostok" });
      await page.keyboard.press("Tab");
      await expect(page.getByRole("button", { name: "Check again" })).toBeFocused();
      await page.keyboard.press("Enter");

      await expect(count(page, "Will be imported")).toHaveText("1");
      await expect(who).toHaveValue("fullName");
      await expect(when).toHaveValue("registeredAt");
      await tabTo(page, page.getByRole("button", { name: "Import 1 person" }), "backwards");
      await page.keyboard.press("Enter");
      await isDone(page);
      expect(await stack.db.user.findUnique({ where: { email: `anna-${id}@example.com` } })).toMatchObject({
        firstName: "Анна",
        lastName: "Иванова",
        createdAt: new Date("2025-03-01T00:30:00Z"),
      });
    });

    test("a discarded list is forgotten", async ({ page }) => {
      const list = newList();
      await openImport(page);
      await upload(page, list.file);
      await expect(page).toHaveURL(/run=/);
      const address = page.url();
      await page.getByRole("button", { name: "Discard the list" }).click();
      await expect(page).toHaveURL("/admin/import");
      await page.goto(address);
      await expect(page.getByText("This list is no longer here")).toBeVisible();
      await page.goto(`/admin/users?q=${list.id}`);
      await expect(page.getByText(list.emailOf(0))).toHaveCount(0);
    });
  });
}

test("a file that is too large is refused before it is sent", { tag: ["@stack", "@desktop"] }, async ({ page }) => {
  await openImport(page);
  await alive(page);
  let sent = false;
  page.on("request", (request) => {
    sent ||= request.method() === "POST";
  });
  await upload(page, { name: "people.csv", mimeType: "text/csv", buffer: Buffer.alloc(5 * 1024 * 1024 + 1, "я") });
  await expect(page.getByRole("alert")).toContainText("larger than 5 MB");
  expect(sent).toBe(false);
});

test("the import is for administrators only", { tag: "@stack" }, async ({ page, request }) => {
  await page.goto("/admin/import");
  await expect(page).toHaveURL("/login?redirectTo=%2Fadmin%2Fimport");
  await register(page);
  expect((await page.goto("/admin/import"))?.status()).toBe(403);
  const { file } = newList();
  const answer = await request.post("/admin/import", { multipart: { intent: "upload", file }, maxRedirects: 0 });
  expect(answer.status()).toBe(302);
  expect(answer.headers().location).toContain("/login");
});

test.describe("while the server is away", () => {
  test.use({ expectedProblems: [serverAway] });

  test("an import that was interrupted by the server's death continues automatically", {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack }) => {
    const list = newList(600);
    await openImport(page);
    await upload(page, list.file);
    await page.getByRole("button", { name: "Import 600 people" }).click();
    await expect(page.locator("[data-import-state]")).toBeVisible();
    await stack.kill9();
    await stack.restart();

    await page.reload();
    await isDone(page);
    await expect(count(page, "Imported")).toHaveText("600");
    expect(await stack.db.user.count({ where: { email: { contains: list.id } } })).toBe(600);
  });
});

for (const locale of ["en-GB", "ru-RU"])
  test.describe(`${locale}, 320 pixels wide`, () => {
    test.use({ locale, viewport: { width: 320, height: 640 } });

    test("no step of an import has accessibility violations or needs scrolling sideways", {
      tag: ["@stack", "@desktop"],
    }, async ({ page }) => {
      await page.goto("/login?redirectTo=/admin/import");
      await page.locator("[name=email]").fill(administrator.email);
      await page.locator("[name=password]").fill(administrator.password);
      await page.locator("main form button[type=submit]").click();
      const isUsable = async () => {
        expect(await accessibilityViolations(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
      };
      const upload = page.locator("button[value=upload]");
      await upload.waitFor();
      await isUsable();
      await page.locator("[name=file]").setInputFiles({ ...newList().file, buffer: Buffer.from('a;b\n"1"2;2\n') });
      await upload.click();
      await page.getByRole("alert").waitFor();
      await isUsable();
      await page.locator("[name=file]").setInputFiles({ ...newList().file, buffer: Buffer.from("a;b\n1;2\n") });
      await upload.click();
      await page.locator("button[value=read]").waitFor();
      await isUsable();
      await page.locator("button[value=discard]").click();
      await upload.waitFor();
      await page.locator("[name=file]").setInputFiles(newList().file);
      await upload.click();
      await page.locator("button[value=start]").waitFor();
      await isUsable();
      await page.locator("button[value=start]").click();
      await isDone(page);
      await isUsable();
    });
  });
