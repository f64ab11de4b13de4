// The order of work for a meal: what is done when, in all of its dishes.

import { element, phrases } from "./dom.js";
import { say } from "./words.js";

const MINUTES_IN_AN_HOUR = 60;
// A wait of so long is one overnight.
const NIGHT_MINUTES = 360;
// Less is no time for anything else.
const LEAST_FREE_MINUTES = 2;

// Returns a section that opens; null for a plan that the browser kept from before there was one.
export function workOf({ work, total_minutes: total, waiting_minutes: waiting }) {
  if (!work?.length) return null;
  const groups = Object.entries(Object.groupBy(work, (task) => task.ahead_minutes ?? "now"));
  const inOrder = [
    ...groups.filter(([lead]) => lead !== "now").toSorted(([a], [b]) => b - a),
    ...groups.filter(([lead]) => lead === "now"),
  ];
  return element(
    "details",
    { class: "work" },
    element(
      "summary",
      {},
      element("b", {}, say("work")),
      element("span", {}, totalOf(total, waiting)),
    ),
    inOrder.map(([lead, tasks]) => [
      groups.length > 1 && element("h4", {}, leadWords(lead)),
      element("ol", { lang: "ja" }, tasks.map(rowOf)),
    ]).flat(),
  );
}

function totalOf(total, waiting) {
  const worked = say("inAll", { count: total - waiting });
  if (!waiting) return worked;
  return waiting < MINUTES_IN_AN_HOUR
    ? `${worked}${say("waitMinutes", { count: waiting })}`
    : `${worked}${say("waitHours", { count: Math.round(waiting / 6) / 10 })}`;
}

function leadWords(lead) {
  if (lead === "now") return say("workNow");
  if (Number(lead) === 0) return say("workFirst");
  if (Number(lead) >= NIGHT_MINUTES) return say("workNight");
  return say("workAhead", { count: Math.round(lead / 6) / 10 });
}

function rowOf({ minute, dish, step, text, alone_minutes: alone }) {
  const isFree = minute !== null && alone >= LEAST_FREE_MINUTES;
  return element(
    "li",
    {},
    minute === null ? element("span") : element("span", { class: "at" }, say("at", { count: minute })),
    element(
      "div",
      {},
      element("b", {}, phrases(dish), element("small", {}, ` ${step}`)),
      element("p", {}, text),
      isFree && element("p", { class: "free" }, say("free", { count: alone })),
    ),
  );
}
