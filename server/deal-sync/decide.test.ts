import { expect, test } from "vitest";
import { funnelOf } from "../bitrix24/funnel-stages";
import { agreedDealStage, compareDeal, type DealSide, type Decision, isPaidThere } from "./decide";

const paid = { stageId: "WON", firstStageId: "NEW" };

const deals = {
  open: { stageId: "EXECUTING", semantic: "P", categoryId: 0 },
  won: { stageId: "WON", semantic: "S", categoryId: 0 },
  lost: { stageId: "LOSE", semantic: "F", categoryId: 0 },
  "open elsewhere": { stageId: "C1:EXECUTING", semantic: "P", categoryId: 1 },
  "won elsewhere": { stageId: "C1:WON", semantic: "S", categoryId: 1 },
  "lost elsewhere": { stageId: "C1:LOSE", semantic: "F", categoryId: 1 },
} satisfies Record<string, DealSide>;

const payments = { paid: true, unpaid: false } as const;
/** The last agreement, and the payment of our own move whose outcome is unknown. */
const memories = { nothing: null, paid: true, unpaid: false } as const;
const wishes = { forced: true, plain: false } as const;

const outcomes = {
  inSync: (isPaid) => ({ kind: "inSync", isPaid }),
  outbound: (isPaid) => ({ kind: "outbound", isPaid, stageId: isPaid ? "WON" : "PREPARATION" }),
  inbound: (isPaid) => ({ kind: "inbound", isPaid: !isPaid }),
  lost: () => ({ kind: "conflict", conflict: "DEAL_LOST" }),
  funnel: () => ({ kind: "conflict", conflict: "DEAL_OTHER_FUNNEL" }),
} satisfies Record<string, (isPaid: boolean) => Decision>;

/** Here | there | last agreement | own move in flight | requested by an administrator | decision. `*` is all values. */
const table = `
  unpaid | open           | *              | *           | *      | inSync
  unpaid | open elsewhere | *              | *           | *      | inSync
  paid   | won            | *              | *           | *      | inSync
  paid   | won elsewhere  | *              | *           | *      | inSync
  unpaid | lost           | *              | *           | *      | inSync
  unpaid | lost elsewhere | *              | *           | *      | inSync

  paid   | lost           | *              | *           | plain  | lost
  paid   | lost elsewhere | *              | *           | plain  | lost
  paid   | lost           | *              | *           | forced | outbound
  paid   | lost elsewhere | *              | *           | forced | outbound

  paid   | open           | nothing,unpaid | nothing     | *      | outbound
  paid   | open           | paid           | nothing     | *      | inbound
  paid   | open           | *              | paid,unpaid | *      | outbound
  unpaid | won            | nothing,unpaid | nothing     | *      | inbound
  unpaid | won            | paid           | nothing     | *      | outbound
  unpaid | won            | *              | paid,unpaid | *      | outbound

  paid   | open elsewhere | nothing,unpaid | nothing,unpaid | *   | funnel
  paid   | open elsewhere | nothing,unpaid | paid        | *      | inSync
  paid   | open elsewhere | paid           | *           | *      | inSync
  unpaid | won elsewhere  | nothing,unpaid | nothing     | *      | inbound
  unpaid | won elsewhere  | paid           | nothing     | *      | funnel
  unpaid | won elsewhere  | *              | paid,unpaid | *      | funnel
`;

/** The keys of a column that a cell selects. */
const choices = <T extends object>(column: T, cell: string) =>
  (cell === "*" ? Object.keys(column) : cell.split(",")) as (keyof T & string)[];

const cases = table
  .split("\n")
  .filter((line) => line.includes("|"))
  .flatMap((line) => {
    const [here = "", there = "", agreed = "", moving = "", wish = "", outcome = ""] = line
      .split("|")
      .map((cell) => cell.trim());
    const known = choices(memories, agreed).flatMap((agreement) =>
      choices(memories, moving).flatMap((move) =>
        choices(wishes, wish).map((forced) => ({
          name: `${agreement} | ${move} | ${forced}`,
          agreedPaid: memories[agreement],
          agreedDealStageId: null,
          pushedPaid: memories[move],
          forced: wishes[forced],
          openStageId: "PREPARATION",
        })),
      ),
    );
    return choices(payments, here).flatMap((payment) =>
      choices(deals, there).flatMap((deal) =>
        known.map(({ name, ...side }) => ({
          name: `${payment} | ${deal} | ${name}`,
          decision: compareDeal(payments[payment], deals[deal], side, paid),
          expected: outcomes[outcome as keyof typeof outcomes](payments[payment]),
        })),
      ),
    );
  });

test("every combination of both sides and of what is known has its decision", () => {
  expect(cases.map(({ name, decision }) => [name, decision])).toEqual(
    cases.map(({ name, expected }) => [name, expected]),
  );
});

test("the table names every combination once", () => {
  const columns = [payments, deals, memories, memories, wishes];
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  expect(cases).toHaveLength(columns.reduce((product, column) => product * Object.keys(column).length, 1));
});

test("an unpaid deal whose last open stage is not known goes to the first one", () => {
  const known = { agreedPaid: true, agreedDealStageId: null, openStageId: null, pushedPaid: null, forced: false };
  expect(compareDeal(false, deals.won, known, paid)).toEqual({ kind: "outbound", isPaid: false, stageId: "NEW" });
});

test("an open stage may be the paid one", () => {
  const prepaid = { stageId: "EXECUTING", firstStageId: "NEW" };
  const known = { agreedPaid: null, agreedDealStageId: null, openStageId: null, pushedPaid: null, forced: false };
  expect(compareDeal(false, deals.open, known, prepaid)).toEqual({ kind: "inbound", isPaid: true });
  // Stages after the paid one are paid as well.
  expect(compareDeal(true, deals.won, { ...known, agreedPaid: true }, prepaid)).toEqual({
    kind: "inSync",
    isPaid: true,
  });
});

const prepaid = {
  stageId: "PREPAYMENT_INVOICE",
  firstStageId: "NEW",
  laterStageIds: new Set(["EXECUTING", "FINAL_INVOICE", "WON"]),
};
const wasPaid = {
  ...{ agreedPaid: true, agreedDealStageId: "PREPAYMENT_INVOICE", openStageId: "PREPARATION" },
  ...{ pushedPaid: null, forced: false },
};
const at = (stageId: string, semantic = "P", categoryId = 0) => ({ stageId, semantic, categoryId });

test.each([
  ["the paid stage", at("PREPAYMENT_INVOICE"), true],
  ["a later one", at("FINAL_INVOICE"), true],
  ["the success stage", at("WON", "S"), true],
  ["an earlier one", at("PREPARATION"), false],
  ["a lost one behind it", at("LOSE", "F"), false],
  ["one of the same name in another funnel", at("C1:EXECUTING", "P", 1), false],
  ["another funnel's success stage", at("C1:WON", "S", 1), true],
])("of a paid stage in the middle of its funnel: %s", (_name, deal, isPaid) => {
  expect(isPaidThere(deal, prepaid)).toBe(isPaid);
});

test("a paid deal that moves on keeps its payment, and one that moves back loses it", () => {
  expect(compareDeal(true, at("FINAL_INVOICE"), wasPaid, prepaid)).toEqual({ kind: "inSync", isPaid: true });
  expect(compareDeal(true, at("PREPARATION"), wasPaid, prepaid)).toEqual({ kind: "inbound", isPaid: false });
  expect(compareDeal(false, at("EXECUTING"), { ...wasPaid, agreedPaid: false }, prepaid)).toEqual({
    kind: "inbound",
    isPaid: true,
  });
});

test.each([
  ["paid, in a stage that now is before the paid one", true, "PREPARATION"],
  ["unpaid, in a stage that now is behind the paid one", false, "EXECUTING"],
])("a deal that nobody moved keeps its payment when managers sort the stages anew: %s", (_name, isPaid, stageId) => {
  const agreed = { ...wasPaid, agreedPaid: isPaid, agreedDealStageId: stageId };
  expect(compareDeal(isPaid, at(stageId), agreed, prepaid)).toEqual({ kind: "inSync", isPaid });
  expect(agreedDealStage(isPaid, at(stageId), agreed, prepaid)).toBe(stageId);
  // A payment that changed here does not differ from the stage any more; one that changed twice is sent.
  expect(compareDeal(!isPaid, at(stageId), agreed, prepaid)).toEqual({ kind: "inSync", isPaid: !isPaid });
  const changed = { ...agreed, agreedPaid: !isPaid };
  expect(compareDeal(isPaid, at(stageId), changed, prepaid)).toMatchObject({ kind: "outbound", isPaid });
  // So is one whose own move has no known outcome, and a deal that was moved says what it says.
  expect(compareDeal(isPaid, at(stageId), { ...agreed, pushedPaid: isPaid }, prepaid)).toMatchObject({
    kind: "outbound",
  });
  const moved = isPaid ? "NEW" : "FINAL_INVOICE";
  expect(compareDeal(isPaid, at(moved), agreed, prepaid)).toEqual({ kind: "inbound", isPaid: !isPaid });
});

test.each([
  ["in a stage whose order is not told", true, at("UC_NEW"), { ...prepaid, laterStageIds: null }],
  ["of an unpaid person in such a stage", false, at("UC_NEW"), { ...prepaid, laterStageIds: null }],
  ["of a paid deal that went on in another funnel", true, at("C1:NEW", "P", 1), prepaid],
])("no stage is kept with an agreement that a later look may end: %s", (_name, isPaid, deal, stages) => {
  expect(agreedDealStage(isPaid, deal, { ...wasPaid, agreedPaid: isPaid }, stages)).toBeNull();
});

test("where the order of stages is not told, what counts as our change is pushed from any other stage", () => {
  const untold = { ...prepaid, laterStageIds: null };
  expect(compareDeal(true, at("EXECUTING"), { ...wasPaid, pushedPaid: true }, untold)).toMatchObject({
    kind: "outbound",
    stageId: prepaid.stageId,
  });
});

test("a stage that the portal's list lacks takes no payment back, and a change of ours is pushed from it", () => {
  const listed = { ...prepaid, stageIds: new Set(["NEW", "PREPARATION", prepaid.stageId, "WON", "LOSE"]) };
  expect(compareDeal(true, at("UC_NEW"), wasPaid, listed)).toEqual({ kind: "inSync", isPaid: true });
  expect(compareDeal(true, at("PREPARATION"), wasPaid, listed)).toEqual({ kind: "inbound", isPaid: false });
  expect(compareDeal(false, at("UC_NEW"), wasPaid, listed)).toEqual({ kind: "inSync", isPaid: false });
});

test("where the order of stages is not told, payment is taken back only in the stage of before it", () => {
  const untold = { ...prepaid, laterStageIds: null };
  expect(compareDeal(true, at("FINAL_INVOICE"), wasPaid, untold)).toEqual({ kind: "inSync", isPaid: true });
  expect(compareDeal(true, at("PREPARATION"), wasPaid, untold)).toEqual({ kind: "inbound", isPaid: false });
  // Every other stage is before the success stage.
  expect(compareDeal(true, at("FINAL_INVOICE"), wasPaid, { ...untold, stageId: "WON" })).toEqual({
    kind: "inbound",
    isPaid: false,
  });
});

test.each([
  ["WON", 0],
  ["C5:WON", 5],
  ["C12:UC_4S8J", 12],
  ["DT1036_8:NEW", 0],
])("the stage %s stands in funnel %d", (stageId, funnel) => {
  expect(funnelOf(stageId)).toBe(funnel);
});

const funnel = {
  ...{ stageId: "EXECUTING", firstStageId: "NEW", laterStageIds: new Set(["FINAL_INVOICE", "WON"]) },
  stageIds: new Set(["NEW", "PREPARATION", "EXECUTING", "FINAL_INVOICE", "WON", "LOSE"]),
};

test.each([
  ["its own earlier stage", "PREPARATION", funnel, "PREPARATION"],
  ["the first stage where the earlier one was deleted", "UC_OLD", funnel, "NEW"],
  ["the first stage where the earlier one is of another funnel", "C1:PREPARATION", funnel, "NEW"],
  ["the first stage where the earlier one counts as paid by now", "FINAL_INVOICE", funnel, "NEW"],
  ["its own earlier stage where the portal tells no stages", "UC_OLD", { ...funnel, stageIds: null }, "UC_OLD"],
] as const)("a deal whose payment is taken back goes to %s", (_name, openStageId, stages, stageId) => {
  const known = { agreedPaid: true, agreedDealStageId: null, openStageId, pushedPaid: null, forced: false };
  const deal = { stageId: "EXECUTING", semantic: "P", categoryId: 0 };
  expect(compareDeal(false, deal, known, stages)).toEqual({ kind: "outbound", isPaid: false, stageId });
});
