// What went wrong, in plain words, and what to do now.

import { button, element, find } from "./dom.js";
import { fieldOf } from "./form.js";
import { useKey } from "./api.js";
import { VOCABULARY } from "./vocabulary.js";
import { isEnglish, say } from "./words.js";

// How the API calls the form's fields, and how the page does.
const FIELDS = {
  request: "request",
  ingredients: "ingredients",
  servings: "servings",
  days: "days",
  meals: "meals",
  allergens: "allergens",
  exclude: "exclude",
  cuisine: "cuisine",
  diet: "diet",
  max_minutes: "maxMinutes",
  season: "request",
};
const DIETS = new RegExp(`\\b(${Object.keys(VOCABULARY.diets).join("|")})（(.+?)）`, "g");
const LEAST_MINUTES = /(\d+)分以上/;

// Returns a message of the API in the words of the page.
export function inPageWords(message) {
  const plain = message.replace(DIETS, "「$2」").replace(/constraints?/g, "条件");
  return plain.replace(/\b([a-z_]+)(?:\.\w+)* ?/g, (word, name) =>
    FIELDS[name] && !isEnglish() ? `「${say(FIELDS[name])}」` : word,
  );
}

// Shows the problem; `again(changes)` asks once more, with changes to the order.
export function showProblem(problem, { again, change }) {
  const retry = (words = say("again"), changes = {}) =>
    button(words, () => again(changes), { class: "primary" });
  const panels = {
    offline: () => panel(say("offlineTitle"), say("offlineWhat"), [retry()]),
    busy: () => panel(say("busyTitle"), say("busyWhat"), [retry()]),
    resting: () => panel(say("restingTitle"), say("restingWhat"), [retry()]),
    late: () =>
      panel(say("lateTitle"), say("lateWhat"), [retry(), button(say("back"), () => change())]),
    broken: () => panel(say("brokenTitle"), say("brokenWhat"), [retry()]),
    wrong: () =>
      panel(say("wrongTitle"), inPageWords(problem.message), [
        button(say("back"), () => change(), { class: "primary" }),
      ]),
    noMenu: () => noMenu(problem, retry, change),
    key: () => keyPanel(say("keyWhat"), again),
    wrongKey: () => keyPanel(say("keyWrong"), again),
  };
  find("#problem").replaceChildren(panels[problem.kind]());
  (find("#problem input") ?? find("#problem h3")).focus();
}

function panel(title, what, buttons) {
  return element(
    "div",
    { class: "problem", role: "alert" },
    element("h3", { tabindex: "-1" }, title),
    element("p", { lang: isEnglish() && /[ぁ-ん]/.test(what) ? "ja" : null }, what),
    element("div", { class: "row" }, buttons),
  );
}

// An allergy is never proposed to be given up.
function noMenu({ message, param }, retry, change) {
  const buttons = [];
  const least = LEAST_MINUTES.exec(message);
  if (param === "max_minutes" && least)
    buttons.push(
      retry(say("relaxMinutes", { count: least[1] }), { max_minutes: Number(least[1]) }),
    );
  if (param === "cuisine") buttons.push(retry(say("relaxCuisine"), { cuisine: undefined }));
  const field = FIELDS[(param ?? "").split(".")[0]];
  buttons.push(
    button(
      field ? say("relax", { field: say(field) }) : say("back"),
      () => change(() => reveal(param)),
      { class: buttons.length ? "secondary" : "primary" },
    ),
  );
  return panel(say("noMenuTitle"), inPageWords(message), buttons);
}

function reveal(param) {
  const field = fieldOf(param);
  if (!field) return;
  if (field.closest("details")) field.closest("details").open = true;
  find("input, textarea, select", field).focus();
  field.scrollIntoView({ block: "center" });
}

function keyPanel(what, again) {
  const input = element("input", {
    id: "key",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    required: true,
  });
  const use = (event) => {
    event.preventDefault();
    const key = input.value.trim();
    if (!key) return input.focus();
    useKey(key);
    again({});
  };
  return element(
    "form",
    { class: "problem", role: "alert", onsubmit: use },
    element("h3", { tabindex: "-1" }, say("keyTitle")),
    element("p", {}, what),
    element("label", { class: "legend", for: "key" }, say("key")),
    input,
    element(
      "div",
      { class: "row" },
      element("button", { type: "submit", class: "primary" }, say("useKey")),
    ),
  );
}
