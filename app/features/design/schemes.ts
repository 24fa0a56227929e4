const schemes = ["light", "dark"] as const;
type Scheme = (typeof schemes)[number];

/**
 * Gives the classes `scheme-light` and `scheme-dark` the colours of the two schemes, which the stylesheet gives to the
 * whole page by the reader's choice: taken from the stylesheet itself, so that they cannot differ from it. Returns what
 * takes them away.
 */
export function showBothSchemes(): () => void {
  const sheet = new CSSStyleSheet();
  for (const { scheme, colours } of [...document.styleSheets].flatMap(({ cssRules }) => rootRules(cssRules, "light")))
    sheet.insertRule(`.scheme-${scheme} { ${colours}; color-scheme: ${scheme} }`, sheet.cssRules.length);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
  };
}

function rootRules(rules: CSSRuleList, scheme: Scheme): { scheme: Scheme; colours: string }[] {
  return [...rules].flatMap((rule) => {
    if (rule instanceof CSSStyleRule)
      return rule.selectorText === ":root" && rule.style.getPropertyValue("--ground")
        ? [{ scheme, colours: rule.style.cssText.replace(/color-scheme:[^;]*;?/, "") }]
        : [];
    if (rule instanceof CSSMediaRule) {
      if (rule.conditionText.includes("print")) return [];
      return rootRules(rule.cssRules, rule.conditionText.includes("dark") ? "dark" : scheme);
    }
    return rule instanceof CSSLayerBlockRule ? rootRules(rule.cssRules, scheme) : [];
  });
}
