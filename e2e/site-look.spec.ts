import { png } from "../server/test/pictures";
import { openAsAdmin, stopTime } from "./admin-people";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { accessibilityViolations, overflow } from "./violations";

// How a site looks, by its owner's settings, on a stack of one's own.

const test = testOnOwnStack("site-look");

test.use({ locale: "en-US" });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("an owner's colour is that of links and buttons in both schemes, once it can be read, and is undone", {
      tag: ["@stack", "@desktop"],
    }, async ({ page }) => {
      await openAsAdmin(page, "/admin/settings/site");
      await page.getByLabel("Colour").fill("#ffd400");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.getByText("This colour is too light: on a light page its contrast is 1.1")).toBeVisible();
      await page.getByLabel("Colour").fill("#8A1C5B");
      await page.getByRole("button", { name: "Check and show what changes" }).click();
      await expect(page.getByRole("img", { name: "Dark theme" })).toBeVisible();
      expect(await overflow(page)).toBe(0);
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved: 1 setting.")).toBeVisible();

      const button = page.getByRole("button", { name: "Check and show what changes" });
      await expect(async () => {
        await page.reload();
        await expect(button).toHaveCSS("background-color", "rgb(138, 28, 91)");
      }).toPass();
      if (javaScriptEnabled)
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          await page.goto("/admin/settings");
          expect(await accessibilityViolations(page)).toEqual([]);
        }
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto("/admin/settings");
      await page.getByRole("list", { name: "Changes" }).getByRole("button", { name: "Undo" }).first().click();
      await expect(page.getByText("The change was undone.")).toBeVisible();
      await expect(async () => {
        await page.goto("/admin/settings/site");
        await expect(button).toHaveCSS("background-color", "rgb(12, 90, 75)");
      }).toPass();
    });

    test("an owner's logo is in the header and above the form on other sites, a bad one is refused, and removing and undoing work", {
      tag: ["@stack", "@desktop"],
    }, async ({ page }) => {
      const send = async (...files: { name: string; mimeType: string; buffer: Buffer }[]) => {
        await page.getByLabel("Picture").setInputFiles(files);
        await page.getByRole("button", { name: "Upload" }).click();
      };
      const file = (bytes: Uint8Array, name: string, mimeType: string) => ({
        name,
        mimeType,
        buffer: Buffer.from(bytes),
      });
      await openAsAdmin(page, "/admin/settings/site");
      await page.getByRole("link", { name: "Edit: Logo" }).click();
      await send(file(Buffer.from("<svg/>"), "logo.png", "image/png"));
      await expect(page.getByText("SVG is not accepted")).toBeVisible();
      await send(file(png(120, 40).subarray(0, 60), "logo.png", "image/png"));
      await expect(page.getByText("The picture is damaged")).toBeVisible();
      await send(file(new Uint8Array(600_000).fill(0xff), "logo.jpg", "image/jpeg"));
      await expect(page.getByText(javaScriptEnabled ? "larger than 500 kB" : "This is not a PNG")).toBeVisible();
      await send(file(png(3_000, 40), "logo.png", "image/png"));
      await expect(page.getByText("The picture is 3000 × 40 pixels")).toBeVisible();
      // Whatever it is called and said to be.
      await send(file(png(240, 60), "logo.svg", "text/html"));
      await expect(page.getByText("Saved. Changes apply")).toBeVisible();
      expect(await overflow(page)).toBe(0);
      if (javaScriptEnabled)
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await accessibilityViolations(page)).toEqual([]);
        }

      const guest = await page.context().browser()?.newContext({ locale: "en-US", javaScriptEnabled });
      const open = await guest?.newPage();
      if (!guest || !open) throw new Error("There is no browser.");
      const logo = open.getByRole("img", { name: "Front Desk" });
      for (const path of ["/register", "/embed", "/none"]) {
        await open.goto(new URL(path, page.url()).href);
        await expect(logo).toHaveAttribute("width", "240");
        await expect.poll(() => logo.evaluate((image: HTMLImageElement) => image.naturalHeight)).toBe(60);
        expect(await logo.evaluate((image) => image.getBoundingClientRect().height)).toBe(36);
      }

      await page.getByRole("button", { name: "Remove the logo" }).click();
      await expect(page.getByText("The logo is removed")).toBeVisible();
      const register = new URL("/register", page.url()).href;
      await expect(async () => {
        await open.goto(register);
        await expect(open.getByRole("banner").getByText("Front Desk")).toBeVisible();
      }).toPass();
      await page.goto("/admin/settings");
      await page.getByRole("list", { name: "Changes" }).getByRole("button", { name: "Undo" }).first().click();
      await expect(page.getByText("The change was undone.")).toBeVisible();
      await expect(async () => {
        await open.goto(register);
        await expect(logo).toBeVisible();
      }).toPass();
      await guest.close();
      // The second run begins without one.
      await page.goto("/admin/settings/logo");
      await page.getByRole("button", { name: "Remove the logo" }).click();
      await expect(page.getByText("The logo is removed")).toBeVisible();
    });
  });

test("an upload that is no picture of ours is answered with 400 or 413 and words, however it is made", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  await openAsAdmin(page, "/admin/settings/logo");
  const good = Buffer.from(png(120, 40));
  const part = (bytes: Buffer, { field = "logo", name = "logo.png", type = "image/png" } = {}) =>
    Buffer.concat([
      Buffer.from(
        `--edge\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`,
      ),
      bytes,
      Buffer.from("\r\n"),
    ]);
  const end = Buffer.from("--edge--\r\n");
  const before = await stack.db.settingChange.count();
  for (const [what, data, status, words] of [
    ["nothing", end, 400, /./],
    ["no body", Buffer.alloc(0), 400, /./],
    ["an empty file", [part(Buffer.alloc(0)), end], 400, /Choose a picture/],
    ["another field", [part(good, { field: "file" }), end], 400, /Choose a picture/],
    [
      "text in the place of the file",
      [Buffer.from('--edge\r\nContent-Disposition: form-data; name="logo"\r\n\r\nx\r\n'), end],
      400,
      /Choose a picture/,
    ],
    ["two files", [part(good), part(good), end], 400, /Several files/],
    ["two files in two fields", [part(good), part(good, { field: "more" }), end], 400, /Several files/],
    ["a body that breaks off", [part(good).subarray(0, -20)], 400, /./],
    ["a page", [part(Buffer.from("<html><script>alert(1)</script>")), end], 400, /This is not a PNG/],
    ["an archive behind the picture", [part(Buffer.concat([good, Buffer.from("PK\x03\x04")])), end], 400, /damaged/],
    [
      "a picture of too many bytes",
      [part(Buffer.concat([good, Buffer.alloc(500_000)])), end],
      413,
      /larger than 500\skB/,
    ],
    ["a body beyond all limits", [part(Buffer.alloc(6_000_000)), end], 413, /too large/],
  ] as const) {
    const answer = await page.request.post("/admin/settings/logo", {
      data: Buffer.isBuffer(data) ? data : Buffer.concat([...data]),
      headers: { "content-type": "multipart/form-data; boundary=edge", origin: stack.baseURL, "accept-language": "en" },
    });
    expect(answer.status(), what).toBe(status);
    expect(await answer.text(), what).toMatch(words);
  }
  expect(await stack.db.settingChange.count()).toBe(before);
});

test("a saved setting is taken back by the message's button, and the page says so", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  await openAsAdmin(page, "/admin/settings/site");
  await stopTime(page);
  const before = await page.getByLabel("Colour").inputValue();
  await page.getByLabel("Colour").fill("#1D4E89");
  await page.getByRole("button", { name: "Check and show what changes" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved: 1 setting.")).toBeVisible();
  const toast = page.locator("[data-toast]");
  await expect(toast).toContainText("The settings were changed.");
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(toast).toContainText("Undone.");
  await expect(page.getByRole("main").getByText("The change was undone.")).toBeVisible();
  await expect(page.getByLabel("Colour")).toHaveValue(before);
  const [undoing, saved] = await stack.db.settingChange.findMany({ orderBy: { id: "desc" }, take: 2 });
  expect([undoing?.undoes, saved?.undoes]).toEqual([saved?.id, null]);
});

test("what is typed after a saving stays when the message's button takes that back, and is not asked about", {
  tag: ["@stack", "@desktop"],
}, async ({ page }) => {
  let asked = 0;
  page.on("dialog", (dialog) => {
    asked += 1;
    return dialog.accept();
  });
  await openAsAdmin(page, "/admin/settings/site");
  await stopTime(page);
  await page.getByLabel("Colour").fill("#1D4E89");
  await page.getByRole("button", { name: "Check and show what changes" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved: 1 setting.")).toBeVisible();
  // When the page's data arrive, new inputs take the place of the old ones, and text meant for an old one would be lost.
  await expect(page.getByRole("button", { name: "Check and show what changes" })).toBeEnabled();
  await page.getByLabel("Colour").fill("#7A1F3D");
  const toast = page.locator("[data-toast]");
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(toast).toContainText("Undone.");
  await expect(page.getByRole("main").getByText("The change was undone.")).toBeVisible();
  await expect(page.getByLabel("Colour")).toHaveValue("#7A1F3D");
  expect(asked).toBe(0);
});

test("a logo that was removed comes back by the message's button", { tag: ["@stack", "@desktop"] }, async ({
  page,
}) => {
  await openAsAdmin(page, "/admin/settings/logo");
  await stopTime(page);
  const toast = page.locator("[data-toast]");
  const picture = { name: "logo.png", mimeType: "image/png", buffer: Buffer.from(png(200, 50)) };
  await page.getByLabel("Picture").setInputFiles(picture);
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText("Saved. Changes apply")).toBeVisible();
  await toast.getByRole("button", { name: "Close" }).click();
  await expect(toast).toHaveCount(0);
  await page.getByRole("button", { name: "Remove the logo" }).click();
  await expect(page.getByText("The logo is removed")).toBeVisible();
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("main").getByText("The change was undone.")).toBeVisible();
  await page.getByRole("button", { name: "Remove the logo" }).click();
  await expect(page.getByText("The logo is removed")).toBeVisible();

  // A colleague's change in between: the page shows it, keeps the chosen file, and saves it when it is sent again.
  const colleague = await page.context().newPage();
  await colleague.goto("/admin/settings/logo");
  await page.getByLabel("Picture").setInputFiles(picture);
  await colleague.getByLabel("Picture").setInputFiles({ ...picture, buffer: Buffer.from(png(120, 40)) });
  await colleague.getByRole("button", { name: "Upload" }).click();
  await expect(colleague.getByText("Saved. Changes apply")).toBeVisible();
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText("The page now shows the current one")).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove the logo" })).toBeVisible();
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText("Saved. Changes apply")).toBeVisible();
  await page.getByRole("button", { name: "Remove the logo" }).click();
  await expect(page.getByText("The logo is removed")).toBeVisible();
});
