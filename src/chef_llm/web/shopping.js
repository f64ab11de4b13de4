// The shopping list, and a plan as plain text to copy and to send.

import { button, element, find, findAll, toast } from "./dom.js";
import { listed, say } from "./words.js";

const keyOf = (section, item) => `buy:${section}:${item.name}`;
const amount = (item) => item.measure || `${item.grams}g`;

export function shoppingList(plan, ticks) {
  const sections = plan.shopping_list.map((section) => sectionOf(section, ticks));
  const list = element(
    "section",
    { class: "shopping", id: "shopping" },
    element(
      "div",
      { class: "row" },
      element("h3", {}, say("shopping")),
      element("span", { class: "left" }),
    ),
    sections.length
      ? element("div", { class: "sections", lang: "ja" }, sections)
      : element("p", { class: "hint" }, say("nothingToBuy")),
    remarks(plan).map((words) => element("p", { class: "hint remark" }, words)),
    sections.length ? button(say("copyShopping"), () => copy(shoppingText(plan, ticks))) : null,
  );
  list.addEventListener("change", () => countLeft(list));
  countLeft(list);
  return list;
}

// What is left over in the end, and what all of it costs; a plan kept from before knows neither.
function remarks({ left_over: left, shopping_price_yen: yen }) {
  const items = (left ?? []).map((item) => `${item.name} ${amountLeft(item)}`).join("、");
  const known = yen && { usual: round(yen.usual), low: round(yen.low), high: round(yen.high) };
  return [
    items && say("leftOver", { items }),
    known?.usual && say("shoppingPrice", known),
  ].filter(Boolean);
}

const amountLeft = ({ grams, measure }) => (measure ? `${measure}（${grams}g）` : `${grams}g`);
// An estimate has no single yen.
const round = (yen) => (Math.round(yen / 10) * 10).toLocaleString("ja");

function sectionOf({ section, items }, ticks) {
  const row = (item) => {
    const key = keyOf(section, item);
    const box = element("input", {
      type: "checkbox",
      onchange: (event) => ticks.set(key, event.target.checked),
    });
    box.checked = ticks.has(key);
    return element(
      "li",
      {},
      element(
        "label",
        {},
        box,
        element("span", {}, item.name),
        element("span", { class: "amount" }, amount(item)),
      ),
    );
  };
  return element("div", {}, element("h4", {}, section), element("ul", {}, items.map(row)));
}

function countLeft(list) {
  const boxes = findAll("input", list);
  const count = boxes.filter((box) => !box.checked).length;
  const words = count ? say("shoppingLeft", { count }) : say("shoppingDone");
  find(".left", list).textContent = boxes.length ? words : "";
}

// What is ticked is in the basket already, and not in the text.
function shoppingText(plan, ticks) {
  const lines = plan.shopping_list.flatMap(({ section, items }) => {
    const left = items.filter((item) => !ticks.has(keyOf(section, item)));
    return left.length
      ? [`【${section}】`, ...left.map((item) => `・${item.name} ${amount(item)}`)]
      : [];
  });
  return [...lines, ...(lines.length ? remarks(plan) : [])].join("\n");
}

export function planText(plan, ticks) {
  const menus = plan.menus.map((menu) => {
    const heading = plan.menus.length > 1 ? `【${menu.day}日目 ${menu.meal}】` : menu.title;
    return [heading, ...menu.dishes.map((dish) => `${dish.role}：${dish.name}`)].join("\n");
  });
  const allergens = plan.allergens.length
    ? [`（${plan.servings}人分、${listed(plan.allergens)} なし）`]
    : [`（${plan.servings}人分）`];
  const list = shoppingText(plan, ticks);
  return [...menus, ...allergens, ...(list ? [`■ 買いもの\n${list}`] : [])].join("\n\n");
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(say("copied"));
  } catch {
    toast(say("notCopied"));
  }
}

export async function share(text) {
  try {
    await navigator.share({ text });
  } catch (error) {
    if (error.name !== "AbortError") await copy(text);
  }
}
