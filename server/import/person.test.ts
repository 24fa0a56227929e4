import { expect, test } from "vitest";
import { people, problems, readList as read } from "../test/lists";

test("a dash in a column that may be left out says nothing, and refuses no line", async () => {
  const list = await read(
    [
      "имя;почта;телефон;компания;оплачено;дата оплаты;дата регистрации",
      "Анна;a@example.com;+79123456781;-;-;-;—",
      "Борис;b@example.com;+79123456782;–;–;–;–",
      "Вера;c@example.com;+79123456783;…;…;…;?",
    ].join("\n"),
  );
  expect(problems(list)).toEqual([]);
  const nothing = { company: null, isPaid: false, paidAt: null, registeredAt: null };
  expect(people(list)).toMatchObject([nothing, nothing, nothing]);
});

test("words and dates are read without what is not part of them", async () => {
  const list = await read(
    [
      "имя;почта;телефон;оплачено;дата регистрации",
      "Анна;a@example.com;+79123456781;✔\ufe0f;'2025-03-01 10:00",
      "Борис;b@example.com;+79123456782;да\u200b;\u200e01.03.2025\u00a010:00",
      "Вера;c@example.com;+79123456783;не\u00a0оплачено;2025-03-01\u202f10:00\ufeff",
    ].join("\n"),
  );
  expect(problems(list)).toEqual([]);
  const registeredAt = new Date("2025-03-01T10:00:00Z");
  expect(people(list)).toMatchObject([
    { isPaid: true, registeredAt },
    { isPaid: true, registeredAt },
    { isPaid: false, registeredAt },
  ]);
});
