/**
 * Whether the site answers and can work. Asked before what would put an error page in this page's place if it cannot. A proxy
 * may keep the address for operators, and refuse it or lead elsewhere: that is no outage, which proxies tell by a 5xx.
 */
export const siteAnswers = (readiness = "/readyz"): Promise<boolean> =>
  fetch(readiness, { cache: "no-store", redirect: "manual" }).then(
    ({ status }) => status < 500 && status !== 429,
    () => false,
  );
