/** Whether the site answers and can work. Asked before what would put an error page in this page's place if it cannot. */
export const siteAnswers = (): Promise<boolean> =>
  fetch("/readyz", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );
