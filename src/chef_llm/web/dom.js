// Elements are made and filled as text, never as markup: no answer can become part of the page.

const SVG = "http://www.w3.org/2000/svg";

export const find = (selector, within = document) => within.querySelector(selector);
export const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

// Returns an element with `attributes` (`on…` are listeners, false and null are left out).
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      made.setAttribute(name, value);
  }
  made.append(
    ...children.flat().filter((child) => child !== null && child !== undefined && child !== false),
  );
  return made;
}

export function button(text, onclick, attributes = {}) {
  return element("button", { type: "button", class: "secondary", onclick, ...attributes }, text);
}

// Returns an icon of lines in a 24 by 24 square.
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  const lines = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  lines.setAttribute("d", path);
  svg.append(lines);
  return svg;
}

// Where the name of a dish may be broken: behind の and と, and never before its last character.
// Browsers that look for phrases themselves break 「たこときゅうり」 inside きゅうり.
const PHRASE_ENDS = /(?<=の)(?=..)|(?<=[^ぁ-ん]と)(?=..)|(?<=と)(?=[^ぁ-ん].)/;

// Returns the name of a dish as phrases with places for a break between them.
export function phrases(name) {
  return name
    .split(PHRASE_ENDS)
    .flatMap((phrase, index) => (index ? [element("wbr"), phrase] : [phrase]));
}

let fading = 0;

// Says something in passing, at the foot of the page and to screen readers.
export function toast(text) {
  const place = find("#toast");
  clearTimeout(fading);
  place.textContent = text;
  fading = setTimeout(() => {
    place.textContent = "";
  }, 4000);
}
