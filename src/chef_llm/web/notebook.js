// The notebook of earlier menus and favourites.

import { button, element, find, icon } from "./dom.js";
import * as kept from "./kept.js";
import { say } from "./words.js";

const STAR = "M12 4l2.5 5.2 5.5.8-4 4 1 5.6-5-2.7-5 2.7 1-5.6-4-4 5.5-.8z";
const BIN = "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13";

let onOpen = () => {};

export function buildNotebook(open) {
  onOpen = open;
  const dialog = find("#history");
  find("#open-history").addEventListener("click", () => {
    show();
    dialog.showModal();
  });
  find("#close-history").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  find("#forget-all").addEventListener("click", forgetAll);
}

// Asks once more before everything goes.
function forgetAll({ currentTarget }) {
  if (currentTarget.dataset.sure) {
    kept.forgetEverything();
    show();
  } else {
    currentTarget.dataset.sure = "true";
    currentTarget.textContent = say("forgetSure");
  }
}

function show() {
  const plans = kept
    .plans()
    .sort((one, other) => Boolean(other.favourite) - Boolean(one.favourite) || other.at - one.at);
  const empty = element("li", { class: "hint" }, say("historyEmpty"));
  find("#history-list").replaceChildren(...(plans.length ? plans.map(entry) : [empty]));
  const forget = find("#forget-all");
  forget.hidden = !plans.length;
  delete forget.dataset.sure;
  forget.textContent = say("forgetAll");
}

function entry(plan) {
  const names = plan.menus.flatMap((menu) => menu.dishes.map((dish) => dish.name));
  const main =
    plan.menus.flatMap((menu) => menu.dishes).find((dish) => dish.role === "主菜")?.name ??
    names[0];
  const when = new Date(plan.at).toLocaleDateString(document.documentElement.lang, {
    month: "short",
    day: "numeric",
    weekday: "short",
  });
  const open = () => {
    find("#history").close();
    onOpen(plan);
  };
  const forget = button(
    "",
    () => {
      kept.forgetPlan(plan.id);
      show();
      find("#close-history").focus();
    },
    { class: "quiet", "aria-label": say("forget", { title: main }) },
  );
  forget.append(icon(BIN));
  return element(
    "li",
    {},
    element(
      "button",
      { type: "button", class: "entry", onclick: open },
      element(
        "small",
        {},
        plan.favourite ? icon(STAR) : null,
        `${when}・${say("people", { count: plan.servings })}`,
      ),
      element("b", { lang: "ja" }, main),
      element("span", { lang: "ja" }, names.filter((name) => name !== main).join("・")),
    ),
    forget,
  );
}
