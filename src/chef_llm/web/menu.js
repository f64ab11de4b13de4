// A finished plan on the page: its dishes, what was understood and kept, and a week as a table.

import { element, find, findAll, icon, phrases, toast } from "./dom.js";
import { amountsOf, dishCard, nutritionBars } from "./dish.js";
import * as kept from "./kept.js";
import { copy, planText, share, shoppingList } from "./shopping.js";
import { VOCABULARY } from "./vocabulary.js";
import { isEnglish, labelOf, named, say } from "./words.js";
import { workOf } from "./work.js";

const MOST_SERVINGS = 12;
// Goes without saying in a table of a week.
const PLAIN_RICE = "ご飯";
const MINUS = "M5 12h14";
const PLUS = "M5 12h14M12 5v14";
const STAR = "M12 4l2.5 5.2 5.5.8-4 4 1 5.6-5-2.7-5 2.7 1-5.6-4-4 5.5-.8z";
const SEND = "M12 15V4M8 8l4-4 4 4M5 13v6h14v-6";
const COPY = "M9 9h10v11H9zM5 15V4h10";
const PRINT = "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z";
const ANOTHER = "M19 8a8 8 0 1 0 1 6M20 4v5h-5";

// What was ticked of a plan; kept with it.
class Ticks {
  constructor(plan) {
    this.plan = plan;
  }
  has(key) {
    return this.plan.ticks.includes(key);
  }
  set(key, isTicked) {
    const others = this.plan.ticks.filter((other) => other !== key);
    this.plan.ticks = isTicked ? [...others, key] : others;
    kept.updatePlan(this.plan);
  }
}

// Shows `plan`. `onServings` gets the wished number, `onAnother` asks for a different menu.
export function showMenu(plan, { onServings, onAnother }) {
  const ticks = new Ticks(plan);
  const isWeek = plan.menus.length > 1;
  find("#answer-title").textContent = isWeek
    ? say("daysTitle", { count: plan.menus.at(-1).day })
    : plan.menus[0]?.title || say("dishes");
  find("#menu").replaceChildren(
    ...[
      ...notes(plan),
      servingsRow(plan, onServings),
      isWeek && weekTable(plan),
      ...plan.menus.map((menu) => menuOf(menu, isWeek, ticks)),
      plan.shopping_list && shoppingList(plan, ticks),
      kindness(plan),
      actions(plan, ticks, onAnother),
    ].filter(Boolean),
  );
}

// Puts the amounts of other servings into the page; what is open and ticked stays so.
export function refreshAmounts(plan) {
  if (plan.menus.length === 1)
    find("#answer-title").textContent = plan.menus[0].title || say("dishes");
  find("#servings-now").textContent = say("people", { count: plan.servings });
  find("#fewer").disabled = plan.servings <= 1;
  find("#one-more").disabled = plan.servings >= MOST_SERVINGS;
  const dishes = new Map(
    plan.menus.flatMap((menu) => menu.dishes).map((dish) => [dish.name, dish]),
  );
  for (const list of findAll("[data-amounts]"))
    list.replaceWith(amountsOf(dishes.get(list.dataset.amounts)));
  if (plan.shopping_list) find("#shopping")?.replaceWith(shoppingList(plan, new Ticks(plan)));
  find("#grams-only").hidden = !plan.gramsOnly;
}

function notes(plan) {
  const slots = (plan.unplanned ?? []).map(slotName).join("、");
  return [
    plan.note && say(plan.note),
    slots && say("unplanned", { slots }),
    ...(plan.ingredients ?? [])
      .filter((one) => !one.known)
      .map(({ name }) => say("notKnown", { names: name })),
  ]
    .filter(Boolean)
    .map((text) => element("p", { class: "note" }, text));
}

function servingsRow(plan, onServings) {
  const step = (id, path, label, change) =>
    element(
      "button",
      {
        type: "button",
        id,
        class: "round",
        "aria-label": label,
        onclick: () => onServings(plan.servings + change),
        disabled: plan.servings + change < 1 || plan.servings + change > MOST_SERVINGS,
      },
      icon(path),
    );
  return element(
    "div",
    { class: "servings", role: "group", "aria-label": say("servings") },
    step("fewer", MINUS, say("fewer"), -1),
    element(
      "output",
      { id: "servings-now", "aria-live": "polite" },
      say("people", { count: plan.servings }),
    ),
    step("one-more", PLUS, say("oneMore"), 1),
    plan.shopping_list &&
      element(
        "a",
        { class: "to-shopping", href: "#shopping", onclick: toShopping },
        say("shopping"),
      ),
    element("p", { class: "hint", id: "grams-only", hidden: !plan.gramsOnly }, say("gramsOnly")),
  );
}

// Not by the address: the browser's way back leads to the form.
function toShopping(event) {
  event.preventDefault();
  find("#shopping").scrollIntoView({ block: "start" });
  find("#shopping input")?.focus({ preventScroll: true });
}

const slotName = ({ day, meal }) =>
  `${say("day", { count: day })}${isEnglish() ? ", " : " "}${named(meal)}`;
const anchor = ({ day, meal }) => `day-${day}-${Object.keys(VOCABULARY.meals).indexOf(meal)}`;

function menuOf(menu, isWeek, ticks) {
  const dishes = element(
    "div",
    { class: "dishes" },
    menu.dishes.map((dish) => dishCard(dish, ticks)),
  );
  const tip =
    menu.comment &&
    element("p", { class: "tip", lang: "ja" }, element("b", {}, say("tip")), menu.comment);
  const bars = menu.nutrition && nutritionBars(menu.nutrition);
  const parts = [dishes, tip, workOf(menu), bars].filter(Boolean);
  if (!isWeek) return element("div", { class: "menu" }, parts);
  const names = menu.dishes.map((dish) => dish.name).join("・");
  return element(
    "details",
    { class: "day", id: anchor(menu) },
    element(
      "summary",
      {},
      element("b", {}, slotName(menu)),
      element("span", { lang: "ja" }, names),
    ),
    parts,
  );
}

function weekTable(plan) {
  const cell = (menu, isMain) =>
    menu.dishes
      .filter((dish) => dish.name !== PLAIN_RICE && (dish === mainOf(menu)) === isMain)
      .map((dish) => element("span", {}, phrases(dish.name)));
  const open = (event, menu) => {
    event.preventDefault();
    const day = document.getElementById(anchor(menu));
    day.open = true;
    find("summary", day).focus();
    day.scrollIntoView({ block: "start" });
  };
  const severalMeals = new Set(plan.menus.map((menu) => menu.meal)).size > 1;
  const row = (menu) =>
    element(
      "tr",
      {},
      element(
        "th",
        { scope: "row" },
        element(
          "a",
          { href: `#${anchor(menu)}`, onclick: (event) => open(event, menu) },
          say("dayShort", { count: menu.day }),
          severalMeals && element("small", {}, named(menu.meal)),
        ),
      ),
      element("td", { lang: "ja" }, cell(menu, true)),
      element("td", { lang: "ja" }, cell(menu, false)),
    );
  return element(
    "table",
    { class: "week" },
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        element("th", { scope: "col" }, element("span", { class: "hidden" }, say("days"))),
        element("th", { scope: "col" }, named("主菜")),
        element(
          "th",
          { scope: "col" },
          `${named("副菜")}${isEnglish() ? ", " : "・"}${named("汁物")}`,
        ),
      ),
    ),
    element("tbody", {}, plan.menus.map(row)),
  );
}

// The dish that a day is remembered by: 主菜, else the one bowl.
const mainOf = (menu) => menu.dishes.find((dish) => dish.role === "主菜") ?? menu.dishes[0];

function kindness(plan) {
  const understood = plan.understood.map(({ kind, value, words }) =>
    element(
      "li",
      {},
      element("small", {}, named(labelOf("parts", kind))),
      element("b", { lang: "ja" }, named(labelOf("diets", value))),
      element("span", { lang: "ja" }, `「${words}」`),
    ),
  );
  const constraints = Object.entries(Object.groupBy(plan.constraints, ({ how }) => how)).map(
    ([how, group]) =>
      element(
        "li",
        { lang: "ja" },
        element("b", {}, group.map(constraintName).join("・")),
        element("span", {}, how),
      ),
  );
  const leftAside = (plan.not_considered ?? []).map(
    ({ name, words }) => `「${words}」（${name}）は考えに入れていません。`,
  );
  const notes = [...(plan.notes ?? []), ...leftAside];
  if (!constraints.length && plan.guaranteed)
    constraints.push(element("li", {}, element("span", {}, say("keptInText"))));
  return element(
    "section",
    { class: "kindness" },
    understood.length
      ? element(
          "div",
          { class: "understood" },
          element("h3", {}, say("understood")),
          element("ul", {}, understood),
        )
      : null,
    notes.length
      ? element(
          "div",
          { class: "understood" },
          element("h3", {}, say("notesTitle")),
          element("ul", {}, notes.map((note) => element("li", { lang: "ja" }, note))),
        )
      : null,
    constraints.length
      ? element(
          "div",
          { class: "kept" },
          element("h3", {}, say("keptTitle")),
          element("ul", {}, constraints),
        )
      : null,
    element("p", { class: "caution" }, say("caution")),
  );
}

function constraintName({ constraint, value }) {
  if (constraint === "allergens" || constraint === "exclude")
    return say("without", { names: named(value) });
  if (constraint === "season") return `${named(labelOf("parts", "season"))}${isEnglish() ? ": " : "："}${value}`;
  if (constraint === "max_minutes") return say("within", { count: value });
  if (constraint === "max_total_minutes") return say("withinAll", { count: value });
  return named(labelOf("diets", value));
}

function actions(plan, ticks, onAnother) {
  const text = () => planText(plan, ticks);
  const act = (path, words, onclick, more = {}) =>
    element(
      "button",
      { type: "button", class: "action", onclick, ...more },
      icon(path),
      element("span", {}, words),
    );
  const keep = act(
    STAR,
    say(plan.favourite ? "isKept" : "keep"),
    () => {
      plan.favourite = !plan.favourite;
      if (!kept.updatePlan(plan)) toast(say("notStored"));
      keep.setAttribute("aria-pressed", String(plan.favourite));
      keep.lastChild.textContent = say(plan.favourite ? "isKept" : "keep");
    },
    { "aria-pressed": String(Boolean(plan.favourite)) },
  );
  return element(
    "div",
    { class: "actions" },
    keep,
    act(ANOTHER, say("another"), onAnother),
    act(COPY, say("copy"), () => copy(text())),
    navigator.share ? act(SEND, say("share"), () => share(text())) : null,
    act(PRINT, say("print"), () => print()),
  );
}

// Shows a menu while it is written: its opening line, and each dish as it is named.
export function showGrowing({ menus }) {
  find("#answer-title").textContent = menus[0]?.title || "";
  const card = (dish) =>
    element(
      "article",
      { class: "dish growing", "data-role": dish.role },
      element(
        "p",
        { class: "summary" },
        element("span", { class: "role" }, named(dish.role)),
        element(
          "span",
          { class: "dish-head" },
          element("span", { class: "name", lang: "ja" }, phrases(dish.name)),
        ),
      ),
    );
  const dishes =
    find("#menu .dishes") ?? find("#menu").appendChild(element("div", { class: "dishes" }));
  const growing = menus.flatMap((menu) => menu.dishes);
  growing.forEach((dish, index) => {
    const shown = dishes.children[index];
    if (!shown) dishes.append(card(dish));
    else if (find(".name", shown).textContent !== dish.name)
      find(".name", shown).replaceChildren(...phrases(dish.name));
  });
}
