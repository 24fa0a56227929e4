import type { Page } from "@playwright/test";
import { settingGroups } from "../../server/settings/definitions";
import type { World } from "./world";

export type Visitor = "guest" | "person" | "admin";

export interface Shot {
  as: Visitor;
  path: (world: World) => string;
  /** Told apart from other pictures of the same page. */
  name?: string;
  /** What is done on the page before the picture. */
  act?: (page: Page, world: World) => Promise<void>;
}

const at =
  (as: Visitor) =>
  (path: string | ((world: World) => string), more: Pick<Shot, "name" | "act"> = {}): Shot => ({
    as,
    path: typeof path === "string" ? () => path : path,
    ...more,
  });
const guest = at("guest");
const person = at("person");
const admin = at("admin");

const sendForm = (page: Page) => page.locator("main form button[type=submit]").first().click();

/** Every page by its file in app/routes, and what stands in its pictures. A test compares the list with the routes. */
export const shots: Record<string, Shot[]> = {
  _index: [guest("/")],
  $: [guest("/no/such/page")],
  account: [person("/account")],
  "account_.confirm": [person("/account/confirm")],
  "account_.data": [person("/account/data")],
  "account_.second-factor": [admin("/account/second-factor")],
  "admin._index": [admin("/admin")],
  "admin.audit": [admin("/admin/audit")],
  "admin.conflicts": [admin("/admin/conflicts")],
  "admin.conflicts_.$id": [admin(({ conflict }) => `/admin/conflicts/${conflict}`)],
  "admin.conversions": [admin("/admin/conversions")],
  "admin.crm": [admin("/admin/crm?list=failed")],
  "admin.crm_.resend": [admin("/admin/crm/resend?list=failed")],
  "admin.import": [
    admin("/admin/import"),
    admin("/admin/import", {
      name: "checked",
      act: async (page, { list }) => {
        await page.locator("input[type=file]").setInputFiles(list);
        await sendForm(page);
        // The address changes before the page does.
        await page.locator("main button[value=start]").waitFor();
      },
    }),
  ],
  "admin.portal": [admin("/admin/portal")],
  "admin.review": [admin("/admin/review")],
  "admin.rights._index": [admin("/admin/rights")],
  "admin.rights.$id": [admin(({ erased }) => `/admin/rights/${erased}`)],
  "admin.settings": [admin("/admin/settings")],
  "admin.settings_.$group": settingGroups.map((name) => admin(`/admin/settings/${name}`, { name })),
  "admin.settings_.consents": [admin("/admin/settings/consents")],
  "admin.settings_.consents_.$key": [admin("/admin/settings/consents/registration")],
  "admin.settings_.forms": [admin("/admin/settings/forms")],
  "admin.settings_.forms_.$id": [admin(({ form }) => `/admin/settings/forms/${form}`)],
  "admin.settings_.logo": [admin("/admin/settings/logo")],
  "admin.tokens": [admin("/admin/tokens")],
  "admin.users._index": [admin("/admin/users"), admin("/admin/users?paid=1&source=yandex", { name: "filtered" })],
  "admin.users.$id": [
    admin(({ person }) => `/admin/users/${person}`),
    admin(({ failed }) => `/admin/users/${failed}`, { name: "failed" }),
  ],
  "admin.users.bulk": [admin("/admin/users/bulk?mark=paid&all=1")],
  "admin.users_.$id.preview": [admin(({ person }) => `/admin/users/${person}/preview`)],
  "admin.users_.$id.rights": [admin(({ person }) => `/admin/users/${person}/rights`)],
  "admin.webhooks": [admin("/admin/webhooks")],
  "api.docs": [admin("/api/docs")],
  "bitrix24-test": [admin(({ person }) => `/bitrix24-test?userId=${person}`)],
  "confirm-password": [admin("/confirm-password?to=/admin/users")],
  "confirm.$token": [guest(({ confirmation }) => confirmation)],
  "embed.($form)": [guest("/embed")],
  erased: [guest("/erased")],
  forgot: [guest("/forgot")],
  login: [guest("/login")],
  "login_.code": [
    guest("/login", {
      act: async (page, { withFactor }) => {
        await page.locator("main input[name=email]").fill(withFactor.email);
        await page.locator("main input[name=password]").fill(withFactor.password);
        await sendForm(page);
        await page.locator("main input[name=code]").waitFor();
      },
    }),
  ],
  privacy: [guest("/privacy")],
  register: [guest("/register"), guest("/register", { name: "problems", act: sendForm })],
  "register_.$form": [guest("/register/workshop")],
  registered: [guest("/registered?form=workshop")],
  "reset.$token": [guest(({ reset }) => reset)],
};

/** Pages without a picture, each with the reason. */
export const withoutPicture: Record<string, string> = {
  design: "It is there while developing alone, and the pictures are of the built site.",
};
