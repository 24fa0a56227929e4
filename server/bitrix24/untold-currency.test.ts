import { expect, test } from "vitest";
import { isInUsd, sameSale, sellsProduct, stillSells } from "./sale";

const rows = [{ productId: 1777, price: 49, quantity: 1 }];
const sold = { currency: "USD", amount: 49, rows };
const untold = { ...sold, currency: "" };

test("a currency that the portal leaves out is no changed sale", () => {
  expect(stillSells(untold, sold)).toBe(true);
  expect(sameSale(sold, untold)).toBe(true);
  expect(sellsProduct(untold, 1777)).toBe(true);
  expect(isInUsd(untold)).toBe(true);
});

test("another currency is a changed sale", () => {
  const euros = { ...sold, currency: "EUR" };
  expect(stillSells(euros, sold)).toBe(false);
  expect(sellsProduct(euros, 1777)).toBe(false);
  expect(isInUsd(euros)).toBe(false);
});
