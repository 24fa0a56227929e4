import { expect, test } from "vitest";
import { changeForm, makeForm, storedForm } from "../forms/change";
import type { FormSettings } from "../forms/definition";
import { plannedChanges, type SettingTexts } from "../settings/change";
import { startCrm } from "../test/crm";
import { makeAdmin } from "../test/factories";
import { reviewSettings } from "./review";

async function site(own: FormSettings) {
  const { services } = await startCrm();
  const actor = await makeAdmin(services.db);
  const id = await makeForm(services, { actor, slug: "spring", name: "Spring" });
  const { seen } = await storedForm(services, id);
  const set = (isClosed: boolean, known: number) =>
    changeForm(services, {
      actor,
      id,
      seen: known,
      change: (now) => ({
        ...now,
        closedAt: isClosed ? new Date().toISOString() : null,
        definition: { ...now.definition, settings: own },
      }),
    });
  const change = await set(false, seen);
  return { warnings, close: () => set(true, change ?? 0) };

  async function warnings(group: "deal" | "payment", texts: SettingTexts) {
    const changes = await plannedChanges(services, texts);
    return (await reviewSettings(services, { group, texts, changes, locale: "en" })).warnings;
  }
}

test.each([
  [{ paidStage: "WON" }, "stage of paid deals would belong to another pipeline"],
  [{ stage: "NEW" }, "own first stage would belong to another pipeline"],
] satisfies [FormSettings, string][])(
  "a form with %j is named before the site's funnel changes",
  async (own, words) => {
    const { warnings, close } = await site(own);
    const said = await warnings("deal", { funnel: "1", stage: "" });
    expect(said).toEqual([expect.stringMatching(new RegExp(`${words}.*Spring`))]);
    expect(await warnings("deal", { source: "CALL" })).toEqual([]);
    await close();
    expect(await warnings("deal", { funnel: "1", stage: "" })).toEqual([]);
  },
);

test("a form with funnel and stages of its own does not mind another funnel of the site", async () => {
  const { warnings } = await site({ funnel: "0", stage: "NEW", paidStage: "WON" });
  expect(await warnings("deal", { funnel: "1", stage: "" })).toEqual([]);
});

test("a form with a funnel of its own is named before the site's stage of paid deals is of another", async () => {
  const { warnings } = await site({ funnel: "0" });
  expect(await warnings("payment", { paidStage: "C1:WON" })).toContainEqual(
    expect.stringMatching(/a payment could not move.*Spring/),
  );
});
