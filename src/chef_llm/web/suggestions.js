// Ingredients at hand: typed in kanji or kana, suggested from the cookbook, shown as chips.

import { element, find, findAll, icon } from "./dom.js";
import { say } from "./words.js";

const MOST_SUGGESTIONS = 6;
const CROSS = "M6 6l12 12M18 6L6 18";

let foods = [];
let chosen = [];
let active = -1;
let onChange = () => {};

// Makes width, case and the two kana scripts equal, as the cookbook does.
const fold = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));

async function loadFoods() {
  const response = await fetch(new URL("ingredients.json", import.meta.url));
  const sections = await response.json();
  foods = Object.values(sections)
    .flat()
    .map((spellings) => ({ name: spellings[0], spellings: spellings.map(fold) }));
}

// Returns names: first those that begin with the text, then those that have it inside.
function suggest(text) {
  const wanted = fold(text.trim());
  if (!wanted) return [];
  const rank = ({ spellings }) => {
    if (spellings.includes(wanted)) return 0;
    if (spellings.some((spelling) => spelling.startsWith(wanted))) return 1;
    return spellings.some((spelling) => spelling.includes(wanted)) ? 2 : 3;
  };
  const ranked = foods
    .map((food) => [rank(food), food.name])
    .filter(([place, name]) => place < 3 && !chosen.includes(name));
  return ranked
    .sort((one, other) => one[0] - other[0])
    .slice(0, MOST_SUGGESTIONS)
    .map(([, name]) => name);
}

export const chosenIngredients = () => {
  const typed = find("#ingredient").value.trim();
  return typed ? [...chosen, typed] : [...chosen];
};

export function chooseIngredients(names) {
  chosen = [...names];
  find("#ingredient").value = "";
  showChosen();
}

export function listenForIngredients(changed) {
  onChange = changed;
  const input = find("#ingredient");
  input.addEventListener("input", (event) => {
    if (!takeListed(event)) showSuggestions();
  });
  input.addEventListener("focus", showSuggestions);
  input.addEventListener("blur", () => close());
  input.addEventListener("keydown", onKey);
  // Without the list (offline before the first visit) names can be typed all the same.
  loadFoods().catch(() => {});
}

// A name before a comma is chosen: 「豚肉、大根、」.
function takeListed(event) {
  const input = event.target;
  if (event.isComposing || !/[、,，]/.test(input.value)) return false;
  const names = input.value.split(/[、,，]/).map((name) => name.trim());
  input.value = names.pop();
  names.filter(Boolean).forEach(take);
  showSuggestions();
  return true;
}

function onKey(event) {
  if (event.isComposing) return;
  const options = findAll("[role=option]", find("#suggestions"));
  const text = event.target.value.trim();
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (options.length) activate(options, (active + step + options.length) % options.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (text) pick(options[Math.max(active, 0)]?.textContent ?? text);
  } else if (event.key === "Escape") {
    close();
  } else if (event.key === "Backspace" && !event.target.value && chosen.length) {
    drop(chosen.at(-1));
  }
}

function activate(options, index) {
  active = index;
  options.forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
  find("#ingredient").setAttribute("aria-activedescendant", options[index].id);
  options[index].scrollIntoView({ block: "nearest" });
}

function showSuggestions() {
  const names = suggest(find("#ingredient").value);
  const list = find("#suggestions");
  const option = (name, index) =>
    element(
      "li",
      {
        role: "option",
        id: `suggestion-${index}`,
        lang: "ja",
        "aria-selected": "false",
        // Before the field loses its focus, which closes the list.
        onpointerdown: (event) => {
          event.preventDefault();
          pick(name);
        },
      },
      name,
    );
  list.replaceChildren(...names.map(option));
  if (list.hidden && names.length) find(".combo").scrollIntoView({ block: "start" });
  list.hidden = !names.length;
  active = -1;
  find("#ingredient").setAttribute("aria-expanded", String(names.length > 0));
  find("#ingredient").removeAttribute("aria-activedescendant");
  find("#combo-status").textContent = names.length
    ? say("suggestionCount", { count: names.length })
    : "";
}

function close() {
  find("#suggestions").hidden = true;
  find("#ingredient").setAttribute("aria-expanded", "false");
  find("#ingredient").removeAttribute("aria-activedescendant");
}

function pick(name) {
  find("#ingredient").value = "";
  take(name);
  close();
}

function take(name) {
  if (!chosen.includes(name)) chosen.push(name);
  showChosen();
}

function drop(name) {
  chosen = chosen.filter((other) => other !== name);
  showChosen();
  find("#ingredient").focus();
}

function showChosen() {
  const chip = (name) =>
    element(
      "li",
      {},
      element(
        "button",
        {
          type: "button",
          class: "chip",
          lang: "ja",
          "aria-label": say("takeOut", { name }),
          onclick: () => drop(name),
        },
        name,
        icon(CROSS),
      ),
    );
  find("#chosen").replaceChildren(...chosen.map(chip));
  onChange();
}
