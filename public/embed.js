/*
 * Shows the registration form in a page of another site:
 *   <script src="https://…/embed.js" async></script>
 * data-form names one of several forms, data-lang its language (else the page's own), data-pass="city,promo" parameters
 * of the page's address that hidden questions of the form take.
 * Sets no cookie and stores nothing. Hands over to the form which advertisement led to this page: UTM tags and click
 * ids of the address, or of the page of this site before it, or of cookies that have their names; the numbers by which the
 * site's Metrica and Analytics know the browser; the page; the referrer.
 */
(() => {
  const script = document.currentScript || document.querySelector('script[src*="/embed.js"]:not([data-shown])');
  if (!script || script.hasAttribute("data-shown")) return;
  script.setAttribute("data-shown", "");

  const tags = "utm_source,utm_medium,utm_campaign,utm_content,utm_term,gclid,yclid,fbclid,ymclid,wbraid,gbraid,msclkid,ttclid,vkclid,rb_clickid,dclid,twclid,li_fat_id,sccid,epik,rdt_cid,irclickid,roistat".split(",");
  // What proxies take as an address; more tags than that are no advertisement's.
  const most = 4000;

  const { origin } = new URL(script.src);
  const given = (name) => script.getAttribute(`data-${name}`) || "";
  const language = (given("lang") || document.documentElement.lang || "").slice(0, 2).toLowerCase();

  const parse = (address) => {
    try {
      return new URL(address);
    } catch {
      return null;
    }
  };

  const nameOf = (pair) => {
    const [name] = pair.split(/=|%3d/i);
    try {
      return decodeURIComponent(name).trim().toLowerCase();
    } catch {}
  };
  /* An address in a value keeps its tags to itself. */
  const parts = (pair) =>
    pair.split(/[?;]/, /^[^?;]*?(=|%3d)([\w.+-]*(:|%3a)|[\w-]+\.[\w.-]+)?(\/|%2f)/i.test(pair) ? 1 : undefined);
  /* Only tags leave the page: the rest of its address may be private. Still encoded, since only the server knows every encoding. */
  const tagsOf = (query) => query.replace(/^\?/, "").split("&").flatMap(parts).filter((pair) => tags.includes(nameOf(pair)));

  let cookies = [];
  try {
    cookies = document.cookie.split(/; */).map((pair) =>
      pair
        .replace(/^(\w+=)"(.*)"$/, "$1$2")
        .replace(/^roistat_visit=/, "roistat=")
        .replace(/^_ym_uid=(?=\d+$)/, "ym_client_id=")
        .replace(/^_ga=GA\d+\.\d+(?:-\d+)?\.(?=\d+\.\d+$)/, "ga_client_id="),
    );
  } catch {} // A sandboxed page has none.
  const before = parse(document.referrer);
  const isOwn = before && before.host === location.host;
  const isTagged = (pairs) => pairs.some((pair) => /^utm_/.test(nameOf(pair)));

  let pairs = tagsOf(location.search);
  if (pairs.length === 0 && isOwn) pairs = tagsOf(before.search);
  // Tags of two campaigns are never mixed; a visit that Roistat counts belongs to each.
  const kept = cookies.filter((pair) => tagsOf(pair).length > 0 && !/=$/.test(pair));
  pairs = pairs.concat(isTagged(pairs) ? kept.filter((pair) => /^roistat=/.test(pair)) : kept);
  // The site's counters know the browser by them, whatever led it here.
  pairs = pairs.concat(cookies.filter((pair) => /^(ym|ga)_client_id=\d/.test(pair)));

  const query = new URLSearchParams();
  query.set("_page", (location.origin + location.pathname).slice(0, 1000));
  if (before && !isOwn) query.set("_referrer", (before.origin + before.pathname).slice(0, 1000));
  if (/^(en|ru)$/.test(language)) query.set("lang", language);
  const asked = given("pass").split(",").filter(Boolean);
  for (const [name, value] of new URLSearchParams(location.search.replace(/&amp;/g, "&")))
    if (value.trim() && asked.includes(name) && !query.has(name) && `${query}${encodeURIComponent(value)}`.length < 3000)
      query.set(name, value);
  let address = `${origin}/embed${given("form") ? `/${encodeURIComponent(given("form"))}` : ""}?${query}`;
  for (const pair of pairs) if (address.length + pair.length < most) address += `&${pair.replace(/[#&]/g, encodeURIComponent)}`;

  const frame = document.createElement("iframe");
  frame.src = address;
  frame.title = given("title") || (language === "en" ? "Registration" : "Регистрация");
  // Not as an attribute: the page's policy may forbid that.
  Object.assign(frame.style, { display: "block", width: "100%", height: "48rem", border: "0" });

  addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    const { height, registered } = (event.data && event.data.frontDesk) || {};
    if (typeof height === "number" && height > 0 && height < 20000) frame.style.height = `${Math.ceil(height)}px`;
    // For the site's own statistics.
    if (registered === true) document.dispatchEvent(new CustomEvent("front-desk:registered"));
  });

  const show = () => (document.head.contains(script) ? document.body.append(frame) : script.after(frame));
  if (document.body) show();
  else addEventListener("DOMContentLoaded", show);
})();
