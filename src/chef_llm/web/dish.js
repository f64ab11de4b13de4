// One dish as a card, a meal's nutrition as bars, and a screen that stays on while one cooks.

import { element, findAll, phrases } from "./dom.js";
import { VOCABULARY } from "./vocabulary.js";
import { isEnglish, listed, named, say } from "./words.js";

// An adult's day. Energy, protein, fat and carbohydrate: 栄養素等表示基準値 of the Food Labelling
// Standards (食品表示基準 別表第10), 18 years and older, at 2,200 kcal. Salt: the goal for women of
// the Dietary Reference Intakes for Japanese (日本人の食事摂取基準 2020 and 2025), below 6.5 g; the
// goal for men is below 7.5 g, and the stricter one is shown.
const A_DAY = [
  ["energy_kcal", 2200],
  ["protein_g", 81],
  ["fat_g", 62],
  ["carbohydrate_g", 320],
  ["salt_g", 6.5],
];

const inGrams = (grams) => `${Number(grams.toPrecision(grams < 10 ? 2 : 4))}g`;

export function dishCard(dish, ticks) {
  const main = dish.main_ingredients.filter((name) => name !== dish.name).join("・");
  const summary = element(
    "summary",
    {},
    element("span", { class: "role", "data-name": dish.role }, named(dish.role)),
    element(
      "span",
      { class: "dish-head" },
      element("span", { class: "name", lang: "ja" }, phrases(dish.name)),
      main && element("span", { class: "main", lang: "ja" }, main),
    ),
    dish.minutes && element("span", { class: "time" }, timeOf(dish)),
  );
  return element(
    "article",
    { class: "dish", "data-role": dish.role },
    element(
      "details",
      { "data-dish": dish.name, ontoggle: stayAwake },
      summary,
      recipe(dish, ticks),
    ),
  );
}

// In plans that the browser kept from before, nothing is said of waiting.
function timeOf({ minutes, waiting_minutes: waiting = 0 }) {
  const worked = say("minutes", { count: minutes });
  if (!waiting) return worked;
  const time =
    waiting < 60
      ? say("waitMinutes", { count: waiting })
      : say("waitHours", { count: Math.round(waiting / 6) / 10 });
  return `${worked}${time}`;
}

function recipe(dish, ticks) {
  if (!dish.steps.length) return element("p", { class: "recipe hint" }, say("noRecipe"));
  return element(
    "div",
    { class: "recipe" },
    element("div", { class: "amounts" }, element("h4", {}, say("amounts")), amountsOf(dish)),
    element(
      "div",
      { class: "method" },
      element("h4", {}, say("recipe")),
      element(
        "ol",
        { class: "steps", lang: "ja" },
        dish.steps.map((step, index) => stepOf(dish, step, index, ticks)),
      ),
    ),
    (dish.notes ?? []).map((note) => element("p", { class: "hint", lang: "ja" }, note)),
    dish.allergens &&
      element(
        "p",
        { class: "contains" },
        dish.allergens.length
          ? say("contains", { names: listed(dish.allergens.map(named)) })
          : say("containsNone"),
      ),
  );
}

export function amountsOf(dish) {
  const row = (part) => {
    const grams = inGrams(part.grams);
    const measure = part.measure && part.measure !== grams && element("b", {}, part.measure);
    return element(
      "li",
      {},
      element("span", {}, part.name),
      element(
        "span",
        { class: "amount" },
        measure || null,
        element("span", { class: measure ? "grams" : "grams alone" }, grams),
      ),
    );
  };
  return element("ul", { lang: "ja", "data-amounts": dish.name }, dish.ingredients.map(row));
}

function stepOf(dish, step, index, ticks) {
  const key = `step:${dish.name}:${index}`;
  const box = element("input", {
    type: "checkbox",
    onchange: (event) => ticks.set(key, event.target.checked),
  });
  box.checked = ticks.has(key);
  return element("li", {}, element("label", {}, box, element("span", {}, step)));
}

export function nutritionBars(nutrients) {
  const row = ([name, day]) => {
    const [label, , unit] = VOCABULARY.nutrients[name];
    const percent = Math.round((nutrients[name] / day) * 100);
    const bar = element(
      "span",
      { class: "bar-of", "aria-hidden": "true" },
      element("span", { class: percent > 60 && name === "salt_g" ? "much" : "" }),
    );
    bar.style.setProperty("--share", `${Math.min(percent, 100)}%`);
    const amount = nutrients[name].toLocaleString("ja", {
      maximumFractionDigits: unit === "g" ? 1 : 0,
    });
    return element(
      "div",
      {},
      element("dt", {}, named(label)),
      element(
        "dd",
        {},
        bar,
        element("b", {}, `${amount}${isEnglish() ? " " : ""}${unit}`),
        element(
          "span",
          { class: "percent" },
          element("span", { class: "hidden" }, say("ofDay", { percent })),
          element("span", { "aria-hidden": "true" }, `${percent}%`),
        ),
      ),
    );
  };
  return element(
    "section",
    { class: "nutrition" },
    element("h3", {}, say("nutrition")),
    element("dl", {}, A_DAY.map(row)),
    element("p", { class: "hint" }, say("nutritionHint")),
  );
}

let lock = null;

// Keeps the screen on while a recipe is open, where the browser can.
async function stayAwake() {
  const isCooking =
    document.visibilityState === "visible" && findAll(".dish details[open]").length > 0;
  if (isCooking && !lock) {
    try {
      lock = (await navigator.wakeLock?.request("screen")) ?? null;
      lock?.addEventListener("release", () => {
        lock = null;
      });
    } catch {
      // The device saves its battery; it says no, and nothing is lost.
    }
  } else if (!isCooking && lock) {
    await lock.release();
  }
}

document.addEventListener("visibilitychange", stayAwake);

// On paper every recipe is open.
const closed = [];
addEventListener("beforeprint", () => {
  closed.push(...findAll("#menu details:not([open])"));
  for (const details of closed) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of closed) details.open = false;
  closed.length = 0;
});
