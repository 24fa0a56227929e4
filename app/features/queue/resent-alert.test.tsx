import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ResentAlert } from "./resent-alert";

test("that nothing is sent again is not told as a success", () => {
  const told = (resent: number) => renderToStaticMarkup(<ResentAlert resent={resent} />);
  expect(told(2)).toMatch(/text-good.*Будет отправлено заново: 2 регистрации/s);
  expect(told(0)).toMatch(/text-wait.*Ничего не отправлено/s);
});
