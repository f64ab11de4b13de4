// History, favourites and the last allergies: in this browser alone. A browser that keeps nothing
// (private windows, a full store) loses these, and nothing else.

const PLANS = "chef.plans";
const ALLERGENS = "chef.allergens";
const LANGUAGE = "chef.language";
// Favourites stay beyond these.
const MOST_PLANS = 20;

function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

// Returns whether the value was stored.
function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export const plans = () => read(PLANS, []);

// Keeps `plan` as the newest; older ones make room. Returns whether it was stored.
export function keepPlan(plan) {
  const others = plans().filter((other) => other.id !== plan.id);
  let fresh = 0;
  const kept = [plan, ...others].filter((one) => one.favourite || ++fresh <= MOST_PLANS);
  while (!write(PLANS, kept)) {
    const oldest = kept.findLastIndex((one) => !one.favourite && one.id !== plan.id);
    if (oldest < 0) return false;
    kept.splice(oldest, 1);
  }
  return true;
}

// Changes a kept plan where it stands.
export function updatePlan(plan) {
  return write(
    PLANS,
    plans().map((other) => (other.id === plan.id ? plan : other)),
  );
}

export const forgetPlan = (id) =>
  write(
    PLANS,
    plans().filter((plan) => plan.id !== id),
  );

export function forgetEverything() {
  try {
    for (const name of [PLANS, ALLERGENS]) localStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}

export const allergens = () => read(ALLERGENS, []);
export const keepAllergens = (names) => write(ALLERGENS, names);
export const language = () => read(LANGUAGE, "ja");
export const keepLanguage = (code) => write(LANGUAGE, code);
