// Reads the chef's free text while it is written: an opening line, a line for each dish, a tip, and
// then the recipe cards.

const DAY = /^【(\d+)日目 (.+)】$/;
const DISH = /^(主食|主菜|副菜|汁物|料理)\s*[:：]\s*(\S.*)$/;
const TIP = /^ポイント\s*[:：]\s*(.+)$/;
const NOTE = /^確認\s*[:：]\s*(.+)$/;
const NOT_CONSIDERED = /^考えに入れていないこと\s*[:：].+$/;
const CARD = /^■ (.+)（(\d+)人分・約(\d+)分(?:＋待ち時間(?:(\d+)時間)?(?:(\d+)分)?)?）$/;
const AMOUNT = /^・(.+) ([\d.]+)g(?:（(.+)）)?$/;
const STEP = /^\d+\. (.+)$/;

const emptyMenu = (day, meal) => ({
  day,
  meal,
  title: "",
  comment: "",
  dishes: [],
  nutrition: null,
  allergens: [],
});

// Returns {servings, menus, notes}, as `POST /v1/menus` does, but with what the text tells alone.
export function readAnswer(text) {
  const menus = [];
  const cards = new Map();
  const notes = [];
  let servings = null;
  let card = null;
  const current = () => menus.at(-1) ?? menus[menus.push(emptyMenu(1, "夕食")) - 1];
  for (const line of text.split("\n").map((one) => one.trim())) {
    let match = null;
    if ((match = CARD.exec(line))) {
      card = {
        minutes: Number(match[3]),
        waiting_minutes: Number(match[4] ?? 0) * 60 + Number(match[5] ?? 0),
        main_ingredients: [],
        ingredients: [],
        steps: [],
      };
      cards.set(match[1], card);
      servings = Number(match[2]);
    } else if (card) {
      readCardLine(line, card);
    } else if ((match = DAY.exec(line))) {
      menus.push(emptyMenu(Number(match[1]), match[2]));
    } else if ((match = DISH.exec(line))) {
      current().dishes.push({ role: match[1], name: match[2] });
    } else if ((match = TIP.exec(line))) {
      current().comment = match[1];
    } else if ((match = NOTE.exec(line))) {
      notes.push(match[1]);
    } else if (NOT_CONSIDERED.test(line)) {
      notes.push(line);
    } else if (line && !current().dishes.length) {
      current().title += line;
    }
  }
  for (const menu of menus)
    menu.dishes = menu.dishes.map((dish) => withCard(dish, cards.get(dish.name)));
  return { servings, menus, notes };
}

function readCardLine(line, card) {
  const amount = AMOUNT.exec(line);
  const step = STEP.exec(line);
  if (amount)
    card.ingredients.push({ name: amount[1], grams: Number(amount[2]), measure: amount[3] ?? "" });
  if (step) card.steps.push(step[1]);
}

function withCard(dish, card) {
  const nothing = { minutes: null, main_ingredients: [], ingredients: [], steps: [] };
  return { ...dish, ...(card ?? nothing), allergens: null, nutrition: null };
}

// Puts what the cookbook knows of the dishes (`POST /v1/recipes`) into the menus of a text.
export function enrich(plan, found) {
  const dishes = new Map(found.dishes.map((dish) => [dish.name, dish]));
  const menus = plan.menus.map((menu) => {
    const known = menu.dishes.map((dish) => ({
      ...dish,
      ...dishes.get(dish.name),
      role: dish.role,
    }));
    return { ...menu, dishes: known, nutrition: totalOf(known), ...workOfOnly(plan, found) };
  });
  return { ...plan, servings: found.servings, menus, ...shoppingOf(found) };
}

// What was found is the way of one meal: where there are more, nobody knows it.
function workOfOnly({ menus }, { total_minutes, waiting_minutes, work }) {
  return menus.length === 1 ? { total_minutes, waiting_minutes, work } : {};
}

// What an answer tells of shopping: the list, what is left over of it, its estimated price.
export function shoppingOf({ shopping_list, left_over, shopping_price_yen }) {
  return { shopping_list, left_over, shopping_price_yen };
}

// Returns the nutrients of a meal, null where one of its dishes is not in the cookbook.
function totalOf(dishes) {
  if (!dishes.length || dishes.some((dish) => !dish.nutrition)) return null;
  const names = Object.keys(dishes[0].nutrition);
  const sum = (name) => dishes.reduce((total, dish) => total + dish.nutrition[name], 0);
  return Object.fromEntries(names.map((name) => [name, sum(name)]));
}
