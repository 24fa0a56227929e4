import { expect, test } from "vitest";
import { secretPage } from "./secret-paths";

for (const path of [
  "/reset/t0ken",
  "/Reset/t0ken",
  "/%72eset/t0ken",
  "/RESET/t0ken.data",
  "//reset/t0ken",
  "/%52ESET/t0ken/",
])
  test(`a path with a secret is known however it is spelt: ${path}`, () => {
    expect(secretPage(path)).toBe("reset");
  });

for (const path of ["/", "/reset", "/account", "/resets/x", "/%E0%A4%A/x"])
  test(`a path without a secret is not taken for one: ${path}`, () => {
    expect(secretPage(path)).toBeUndefined();
  });
