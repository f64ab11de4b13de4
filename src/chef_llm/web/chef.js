// The page's beginning: asks, waits, shows, and goes back.

import { enrich, readAnswer } from "./answer.js";
import * as api from "./api.js";
import { find, toast } from "./dom.js";
import * as form from "./form.js";
import * as kept from "./kept.js";
import { refreshAmounts, showGrowing, showMenu } from "./menu.js";
import { buildNotebook } from "./notebook.js";
import { inPageWords, showProblem } from "./problems.js";
import { isEnglish, listed, say, speak } from "./words.js";

const MOST_SEED = 2 ** 32;

let asking = null;
let current = null;
let ticking = 0;

start();

function start() {
  // Sent on to an address with a slash at its end: the query has done its work.
  if (location.search === "?slash") history.replaceState(null, "", "./");
  form.buildForm(() => ask(form.readOrder()));
  buildNotebook((plan) => {
    openAnswer();
    present(plan);
  });
  find("#stop").addEventListener("click", () => asking?.abort());
  find("#back").addEventListener("click", () => goBack());
  find("#language").addEventListener("click", () => setLanguage(isEnglish() ? "ja" : "en"));
  addEventListener("popstate", showForm);
  if (history.state?.answer) history.replaceState(null, "");
  setLanguage(kept.language());
  navigator.serviceWorker
    ?.register(new URL("../sw.js", import.meta.url), {
      scope: new URL("../../", import.meta.url).pathname,
    })
    .catch(() => {
      // Some windows allow no service worker; the page then needs the network to open.
    });
}

function setLanguage(code) {
  kept.keepLanguage(code);
  speak(code);
  const other = find("#language");
  other.textContent = isEnglish() ? "日本語" : "EN";
  other.lang = isEnglish() ? "ja" : "en";
  other.setAttribute("aria-label", isEnglish() ? "日本語で表示" : "Show the page in English");
  form.summarize();
  if (current) present(current, { isNew: false });
}

// Asks for `order`; with `variation` for another answer to the same.
async function ask(order, variation = false) {
  if (asking) return;
  kept.keepAllergens(order.allergens ?? []);
  asking = new AbortController();
  current = null;
  openAnswer();
  wait();
  try {
    const plan = await (form.isSentence(order)
      ? askInWords(order, variation)
      : askInFields(order, variation));
    stopWaiting();
    if (document.body.dataset.view === "ask") return;
    plan.wasStored = kept.keepPlan(plan);
    present(plan);
  } catch (problem) {
    stopWaiting();
    if (problem.name === "AbortError") goBack();
    else fail(problem, order, variation);
  }
}

const newPlan = (order) => ({
  id: crypto.randomUUID?.() ?? `${Date.now()}`,
  at: Date.now(),
  order,
  ticks: [],
  allergens: order.allergens ?? [],
  understood: [],
  notes: [],
  constraints: [],
  unplanned: [],
  ingredients: [],
  shopping_list: null,
  guaranteed: false,
});

async function askInFields(order, variation) {
  const seed = variation ? { seed: Math.floor(Math.random() * MOST_SEED) } : {};
  const answer = await api.menus({ ...form.inWords(order), ...seed }, asking.signal);
  const excluded = answer.constraints
    .filter((one) => one.constraint === "allergens")
    .map((one) => one.value);
  return { ...newPlan(order), ...answer, guaranteed: true, allergens: excluded };
}

// A sentence is answered while the chef writes; what the cookbook knows of the dishes comes after.
async function askInWords(order, variation) {
  const { request } = form.inWords(order);
  const choice = variation ? { temperature: 0.9, seed: Math.floor(Math.random() * MOST_SEED) } : {};
  const { signal } = asking;
  let text = "";
  let end = {};
  let note = null;
  try {
    end = await api.chat(
      request,
      choice,
      (piece) => {
        text += piece;
        showGrowing(readAnswer(text));
      },
      signal,
    );
    if (!end.isWhole) note = "brokenStream";
    if (end.cutShort) note = "cutShort";
  } catch (problem) {
    // What was written so far is worth more than none of it.
    if (!readAnswer(text).menus.some((menu) => menu.dishes.length)) throw problem;
    note = problem.name === "AbortError" ? "stopped" : "brokenStream";
    text = text.slice(0, text.lastIndexOf("\n") + 1) || text;
  }
  const read = readAnswer(text);
  const plan = {
    ...newPlan({ request }),
    ...read,
    servings: read.servings ?? 2,
    guaranteed: end.guaranteed === true,
    note,
  };
  return withCookbook(plan, request);
}

async function withCookbook(plan, request) {
  const dishes = namesOf(plan);
  if (!dishes.length) return plan;
  try {
    // The card's servings are those that the server read from the words; without a card it reads them.
    const found = await api.recipes({ dishes, request });
    const known = { ...enrich(plan, found), understood: found.understood };
    const allergens = found.understood
      .filter((one) => one.kind === "allergen")
      .map((one) => one.value);
    return { ...known, allergens: plan.guaranteed ? [...new Set(allergens)] : [] };
  } catch {
    return plan; // its text has the recipes; nutrition and shopping list are missing
  }
}

// What decides which products the recipes name.
const keptOf = ({ request = "", allergens = [], exclude = [], diet = [] }) => ({
  request,
  allergens,
  exclude,
  diet,
});

const namesOf = (plan) => plan.menus.flatMap((menu) => menu.dishes.map((dish) => dish.name));

function fail(problem, order, variation) {
  if (!(problem instanceof api.Problem)) {
    console.error(problem);
    problem = new api.Problem("broken");
  }
  const field = problem.kind === "wrong" && form.fieldOf(problem.param);
  if (field) {
    goBack(() => form.showProblem(field, inPageWords(problem.message)));
    return;
  }
  find("#answer-title").textContent = "";
  find("#menu").replaceChildren();
  showProblem(problem, {
    again: (changes) => {
      if (Object.keys(changes).length) form.writeOrder({ ...order, ...changes });
      ask(Object.keys(changes).length ? form.readOrder() : order, variation);
    },
    change: goBack,
  });
}

// Servings

// Shows other amounts at once: in grams, which are exact, and in spoons as soon as the server has
// rounded them for a kitchen.
async function changeServings(plan, servings) {
  const before = (plan.measured ??= { servings: plan.servings, menus: plan.menus });
  const factor = servings / before.servings;
  const scaled = (part) => ({
    ...part,
    grams: part.grams * factor,
    measure: factor === 1 ? part.measure : "",
  });
  plan.servings = servings;
  const title = (menu) => menu.title.replace(/^\d+人分/, `${servings}人分`);
  plan.menus = before.menus.map((menu) => ({
    ...menu,
    title: title(menu),
    dishes: menu.dishes.map((dish) => ({ ...dish, ingredients: dish.ingredients.map(scaled) })),
  }));
  refreshAmounts(plan);
  try {
    const found = await api.recipes({
      dishes: namesOf(plan),
      servings,
      ingredients: plan.order.ingredients ?? [],
      ...keptOf(plan.order),
    });
    if (plan.servings !== servings) return;
    Object.assign(plan, {
      menus: enrich(plan, found).menus,
      shopping_list: found.shopping_list,
      gramsOnly: false,
    });
  } catch {
    if (plan.servings !== servings) return;
    plan.gramsOnly = factor !== 1;
  }
  refreshAmounts(plan);
  kept.updatePlan(plan);
}

// What is seen

function present(plan, { isNew = true } = {}) {
  current = plan;
  find("#problem").replaceChildren();
  showMenu(plan, {
    onServings: (servings) => changeServings(plan, servings),
    onAnother: () => ask(plan.order, true),
  });
  form.showAllergens(plan.allergens);
  if (!isNew) return;
  if (plan.wasStored === false) toast(say("notStored"));
  find("#status").textContent = say("ready", { names: listed(namesOf(plan)) });
  find("#answer-title").focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

function openAnswer() {
  document.body.dataset.view = "answer";
  find("#answer").hidden = false;
  if (!history.state?.answer) history.pushState({ answer: true }, "");
}

// Leaves the answer as the browser's own button does; `then` comes when the form is there again.
function goBack(then = () => {}) {
  if (history.state?.answer) {
    addEventListener("popstate", then, { once: true });
    history.back();
  } else {
    showForm();
    then();
  }
}

function showForm() {
  asking?.abort();
  current = null;
  document.body.dataset.view = "ask";
  find("#answer").hidden = true;
  form.summarize();
  // Not the field: a keyboard would open over the form.
  find(".question").focus({ preventScroll: true });
}

function wait() {
  const began = performance.now();
  const elapsed = find("#elapsed");
  find("#problem").replaceChildren();
  find("#menu").replaceChildren();
  find("#answer-title").textContent = "";
  find("#working").hidden = false;
  find("#status").textContent = say("working");
  elapsed.textContent = "";
  ticking = setInterval(() => {
    elapsed.textContent = say("seconds", { count: Math.round((performance.now() - began) / 1000) });
  }, 1000);
  scrollTo({ top: 0 });
  find("#stop").focus({ preventScroll: true });
}

function stopWaiting() {
  clearInterval(ticking);
  asking = null;
  find("#working").hidden = true;
}
