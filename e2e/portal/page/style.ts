export const style = `
:root { color-scheme: light dark; --ground: #f4f6f8; --card: #fff; --ink: #1c2733; --quiet: #56646f; --line: #d9e0e6;
  --accent: #0b6fb8; --accent-ink: #fff; --good: #14652b; --bad: #b42318; --fresh: #e3f2fd }
@media (prefers-color-scheme: dark) { :root { --ground: #12181e; --card: #1b232b; --ink: #e8eef3; --quiet: #a3b1bd;
  --line: #33404b; --accent: #5cb3f0; --accent-ink: #0b1218; --good: #63c77c; --bad: #ff8f86; --fresh: #16324a } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
header, main { max-width: 75rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.15rem; margin: 0 0 .75rem } h3 { font-size: 1rem; margin: 0 }
p { margin: .25rem 0 } .quiet { color: var(--quiet); font-size: .875rem }
main { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr) }
@media (min-width: 60rem) { main { grid-template-columns: minmax(0, 1.7fr) minmax(0, 1fr) } .wide { grid-column: 1 / -1 } }
article, .panel { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 0 0 .75rem;
  overflow-wrap: anywhere }
article[data-fresh] { animation: fresh 5s step-end } @keyframes fresh { from { background: var(--fresh) } }
.top { display: flex; flex-wrap: wrap; gap: .25rem .75rem; justify-content: space-between; align-items: baseline }
.amount { font-weight: 600; font-variant-numeric: tabular-nums }
.stage { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; font-size: .8125rem; color: var(--accent) }
.stage[data-semantics="S"] { color: var(--good) } .stage[data-semantics="F"] { color: var(--bad) }
table { width: 100%; border-collapse: collapse; margin: .5rem 0; font-size: .9375rem }
th, td { text-align: left; padding: .25rem .5rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th { color: var(--quiet); font-weight: 500; font-size: .8125rem }
td + td, th + th { text-align: right; white-space: nowrap; padding-right: 0; padding-left: .5rem; font-variant-numeric: tabular-nums }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .1rem .75rem; margin: .5rem 0; font-size: .875rem }
dt { color: var(--quiet) } dd { margin: 0 }
.typed, [data-trace] { white-space: pre-wrap; overflow-wrap: anywhere }
form { display: inline-flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .25rem .5rem 0 0; max-width: 100% }
button, select { font: inherit; font-size: .875rem; min-height: 2rem; padding: .2rem .7rem; border-radius: .375rem;
  border: 1px solid var(--line); background: var(--card); color: var(--ink); max-width: 100%; min-width: 0 }
button { cursor: pointer } button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink) }
button.danger { color: var(--bad) }
input, textarea { font: inherit; font-size: .875rem; padding: .2rem .5rem; border-radius: .375rem; border: 1px solid var(--line);
  background: var(--card); color: var(--ink); max-width: 100% }
textarea { width: 100%; min-height: 12rem; font-family: ui-monospace, monospace }
label { font-size: .8125rem; color: var(--quiet) }
summary { cursor: pointer; font-size: .875rem; color: var(--accent); margin-top: .5rem }
.hands { display: grid; gap: .25rem; margin-top: .25rem }
.rows { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); width: 100% }
.rows > div { display: grid; gap: .15rem } form.tall { display: grid; gap: .75rem; justify-items: start; width: 100% }
[role="alert"] { color: var(--bad) }
a { color: var(--accent) } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
`;

/** Reloads the content when something has changed, but never while a person is using a form. */
export const script = `
const isHeld = (main) => main.contains(document.activeElement) && document.activeElement.matches("select, button, input, summary");
setInterval(async () => {
  const main = document.querySelector("main");
  if (isHeld(main) || document.hidden) return;
  const answer = await fetch("/content?not=" + encodeURIComponent(main.dataset.version)).catch(() => undefined);
  if (answer?.status !== 200) return;
  const content = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (isHeld(main) || !main.isConnected) return;
  for (const open of main.querySelectorAll("details[open]")) content.getElementById(open.id)?.setAttribute("open", "");
  main.replaceWith(content.querySelector("main"));
}, 1000);
`;
