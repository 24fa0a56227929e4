/** Screen readers take a region in before they tell what changes in it, and finish with a moved focus first. */
const pauseMs = 150;

let region: HTMLElement | undefined;
let host: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Reads texts out by a screen reader, in a region that is there before them. They stand on the page already: so the region
 * is in a closed shadow tree, where neither a search in the page nor a script finds them a second time.
 */
export function say(texts: string[]): void {
  region ??= makeRegion();
  // React removes the region when it renders the whole document again, as after an error.
  if (host && !host.isConnected) document.body.append(host);
  clearTimeout(timer);
  if (texts.length === 0) return;
  const said = region;
  // The same words again are a change only after other ones.
  said.textContent = "";
  timer = setTimeout(() => {
    said.textContent = texts.join(". ");
  }, pauseMs);
}

function makeRegion(): HTMLElement {
  host = document.createElement("div");
  host.className = "sr-only";
  const made = document.createElement("p");
  made.role = "status";
  made.ariaLive = "polite";
  host.attachShadow({ mode: "closed" }).append(made);
  document.body.append(host);
  return made;
}
