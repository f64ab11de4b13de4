// The form: what can be chosen, what was chosen, and how that becomes an order.

import { element, find, findAll } from "./dom.js";
import * as kept from "./kept.js";
import { chosenIngredients, chooseIngredients, listenForIngredients } from "./suggestions.js";
import { VOCABULARY } from "./vocabulary.js";
import { isEnglish, labelOf, listed, named, say } from "./words.js";

const ALLERGENS = [...Object.keys(VOCABULARY.mandatory), ...Object.keys(VOCABULARY.recommended)];

const IDEAS = [
  "冷蔵庫の豚肉と大根で夕食",
  "20分でできる和食",
  "子どもが喜ぶ夕食",
  "肉じゃがの作り方",
];
// The model answers for one meal; several days are planned, whether a field or a word asks for them.
const SEVERAL_DAYS = /[2-7２-７二三四五六七]\s*日|週/;

const form = () => find("#ask");

function choice(name, type, value, label, extra = {}) {
  const text = element("span", extra, label);
  return element("label", { class: "choice" }, element("input", { type, name, value }), text);
}

export function buildForm(onAsk) {
  const allergen = (name) =>
    choice("allergens", "checkbox", name, named(name), { "data-name": name });
  find("#mandatory").append(...Object.keys(VOCABULARY.mandatory).map(allergen));
  find("#recommended").append(...Object.keys(VOCABULARY.recommended).map(allergen));
  find("#days").append(
    ...[1, 2, 3, 4, 5, 6, 7].map((day) => choice("days", "radio", day, `${day}`)),
  );
  find("#meals").append(
    ...Object.keys(VOCABULARY.meals).map((meal) =>
      choice("meals", "checkbox", meal, named(meal), { "data-name": meal }),
    ),
  );
  find("#minutes").append(
    ...[10, 20, 30, 45, 60].map((count) =>
      choice("max_minutes", "radio", count, say("within", { count }), { "data-minutes": count }),
    ),
  );
  find("#cuisine").append(
    ...Object.entries(VOCABULARY.cuisines).map(([value, [label]]) =>
      choice("cuisine", "radio", value, named(label), { "data-name": label }),
    ),
  );
  find("#diet").append(
    ...Object.entries(VOCABULARY.diets).map(([value, [label]]) =>
      choice("diet", "checkbox", value, named(label), { "data-name": label }),
    ),
  );
  find("#ideas").append(
    ...IDEAS.map((idea) =>
      element(
        "li",
        {},
        element("button", { type: "button", lang: "ja", onclick: () => takeIdea(idea) }, idea),
      ),
    ),
  );
  check("allergens", kept.allergens());
  listenForIngredients(() => {
    clearProblems();
    summarize();
  });
  form().addEventListener("input", () => {
    clearProblems();
    summarize();
  });
  form().addEventListener("click", letGo);
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    onAsk();
  });
  find("#request").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    onAsk();
  });
  find("#many-servings").addEventListener("change", () => check("servings", []));
  find("#ask").addEventListener("change", (event) => {
    if (event.target.name === "servings") find("#many-servings").value = "";
  });
  summarize();
}

function takeIdea(idea) {
  find("#request").value = idea;
  find("#request").focus();
  summarize();
}

// A chosen radio button that is pressed again is no longer chosen.
function letGo(event) {
  const radio = event.target;
  if (radio.type !== "radio") return;
  const wasChosen = radio.dataset.chosen === "true";
  for (const other of findAll(`[name=${radio.name}]`, form())) delete other.dataset.chosen;
  radio.checked = !wasChosen;
  if (!wasChosen) radio.dataset.chosen = "true";
  summarize();
}

const checked = (name) => findAll(`[name=${name}]:checked`, form()).map((input) => input.value);

function check(name, values) {
  const wanted = new Set(values.map(String));
  for (const input of findAll(`[name=${name}]`, form())) {
    input.checked = wanted.has(input.value);
    if (input.checked) input.dataset.chosen = "true";
    else delete input.dataset.chosen;
  }
}

// Returns the order as `POST /v1/menus` takes it, without what was left open.
export function readOrder() {
  const [servings = find("#many-servings").value] = checked("servings");
  const words = (text) => text.split(/[、,，\s]+/).filter(Boolean);
  const order = {
    request: find("#request").value.trim(),
    servings: Number(servings),
    allergens: checked("allergens"),
    ingredients: chosenIngredients(),
    days: Number(checked("days")[0] ?? 0),
    meals: checked("meals"),
    max_minutes: Number(checked("max_minutes")[0] ?? 0),
    cuisine: checked("cuisine")[0],
    diet: checked("diet"),
    exclude: words(find("#exclude").value),
  };
  return Object.fromEntries(
    Object.entries(order).filter(([, value]) => (Array.isArray(value) ? value.length : value)),
  );
}

// Fills the form in again from an order.
export function writeOrder(order) {
  find("#request").value = order.request ?? "";
  for (const name of ["allergens", "meals", "diet"]) check(name, order[name] ?? []);
  for (const name of ["servings", "days", "max_minutes", "cuisine"])
    check(name, order[name] ? [order[name]] : []);
  find("#many-servings").value = order.servings > 6 ? order.servings : "";
  find("#exclude").value = (order.exclude ?? []).join("、");
  chooseIngredients(order.ingredients ?? []);
  summarize();
}

// Tells whether one sentence is all there is: then the chef answers while he writes.
export const isSentence = (order) =>
  Object.keys(order).every((name) => name === "request") && !SEVERAL_DAYS.test(order.request ?? "");

// Returns the order with words in it, which the API wants.
export function inWords(order) {
  if (order.request || order.ingredients) return order;
  return { request: order.meals ? "献立をお願いします" : "夕食の献立をお願いします", ...order };
}

// Shows what was chosen: the allergies at the top of the page, the rest above the button.
export function summarize() {
  const order = readOrder();
  showAllergens(order.allergens ?? []);
  const parts = [
    order.servings && say("people", { count: order.servings }),
    order.days > 1 && say("dayShort", { count: order.days }) + (isEnglish() ? " days" : ""),
    ...(order.meals ?? []).map(named),
    order.allergens && say("without", { names: listed(order.allergens.map(named)) }),
    order.exclude && say("without", { names: listed(order.exclude) }),
    order.max_minutes && say("within", { count: order.max_minutes }),
    order.cuisine && named(labelOf("cuisines", order.cuisine)),
    ...(order.diet ?? []).map((name) => named(labelOf("diets", name))),
    order.ingredients && listed(order.ingredients),
  ].filter(Boolean);
  const clear = element(
    "button",
    { type: "button", class: "clear", onclick: () => writeOrder({}) },
    say("clear"),
  );
  find("#summary").replaceChildren(
    ...(parts.length ? [element("span", {}, parts.join(isEnglish() ? ", " : "、")), clear] : []),
  );
  for (const label of findAll("[data-minutes]"))
    label.textContent = say("within", { count: label.dataset.minutes });
}

export function showAllergens(names) {
  const chip = find("#keeping");
  const inOrder = ALLERGENS.filter((name) => names.includes(name));
  chip.hidden = !inOrder.length;
  chip.textContent = inOrder.length ? say("without", { names: listed(inOrder.map(named)) }) : "";
}

// The form's field of one of the API's, None where it has none: "ingredients.0.name" -> ingredients.
export const fieldOf = (param) => find(`[data-field="${(param ?? "").split(".")[0]}"]`);

// Says beside its field what is wrong, and leads there.
export function showProblem(field, message) {
  clearProblems();
  const note = element("p", { class: "wrong", id: "wrong", role: "alert" }, message);
  field.append(note);
  field.classList.add("is-wrong");
  if (field.closest("details")) field.closest("details").open = true;
  const control = find("textarea, input, select", field);
  control.setAttribute("aria-describedby", "wrong");
  control.setAttribute("aria-invalid", "true");
  control.focus();
  field.scrollIntoView({ block: "center" });
}

function clearProblems() {
  for (const field of findAll(".is-wrong")) field.classList.remove("is-wrong");
  for (const control of findAll("[aria-describedby=wrong]")) {
    control.removeAttribute("aria-describedby");
    control.removeAttribute("aria-invalid");
  }
  find("#wrong")?.remove();
}
