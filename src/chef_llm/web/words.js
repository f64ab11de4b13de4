// The page's words in both languages. Dishes, ingredients and the server's messages stay Japanese.

import { findAll } from "./dom.js";
import { VOCABULARY } from "./vocabulary.js";

const WORDS = {
  skip: ["お願いを書く", "Skip to your wish"],
  brand: ["献立シェフ", "Kondate Chef"],
  history: ["手帖", "Notebook"],
  question: ["今夜、何にしますか。", "What shall we eat tonight?"],
  request: ["お願い", "Your wish"],
  requestExample: ["例：豚肉と大根で、さっぱりした夕食", "In Japanese: 豚肉と大根で、さっぱりした夕食"],
  ideas: ["お願いの例", "Ideas"],
  servings: ["何人分", "For how many"],
  manyServings: ["7人分から12人分", "Seven to twelve people"],
  allergens: ["アレルギー", "Allergies"],
  allergensHint: ["押したものは、調味料やだしまで数えて使いません。", "What you press is left out, down to seasonings and stock."],
  otherAllergens: ["ほかのアレルギー", "Other allergens"],
  ingredients: ["家にある食材", "What you have at home"],
  ingredientExample: ["例：とりむね、キャベツ", "In Japanese: とりむね、キャベツ"],
  suggestions: ["食材の候補", "Suggestions"],
  suggestionCount: ["候補が{count}件あります", "{count} suggestions"],
  takeOut: ["{name}を外す", "Take out {name}"],
  more: ["もっと決める", "More choices"],
  moreHint: ["食事・日数・時間・料理", "meals, days, time, cuisine"],
  days: ["何日分", "For how many days"],
  meals: ["いつの食事", "Which meals"],
  maxMinutes: ["一品にかける時間", "Time for each dish"],
  cuisine: ["料理", "Cuisine"],
  diet: ["体のために", "For your health"],
  exclude: ["使わないもの", "Leave out"],
  excludeExample: ["例：ピーマン、きのこ", "In Japanese: ピーマン、きのこ"],
  send: ["献立を立てる", "Plan the menu"],
  clear: ["選んだものを消す", "Clear"],
  empty: ["献立はここに並びます", "Your menu will be served here"],
  back: ["お願いを変える", "Change the wish"],
  working: ["献立を考えています", "Planning your menu"],
  seconds: ["{count}秒", "{count} s"],
  stop: ["やめる", "Stop"],
  stopped: ["途中でやめました。ここまでの献立です。", "Stopped. This is the menu so far."],
  cutShort: ["時間が来たので、途中までの答えです。", "Time ran out: the answer stops here."],
  unplanned: ["時間が足りず、{slots}は決められませんでした。日数を減らすと決められます。", "Time ran out before {slots}. Ask for fewer days."],
  ready: ["献立ができました。{names}", "The menu is ready: {names}"],
  without: ["{names} なし", "No {names}"],
  people: ["{count}人分", "for {count}"],
  fewer: ["1人分減らす", "One fewer"],
  oneMore: ["1人分増やす", "One more"],
  minutes: ["約{count}分", "{count} min"],
  waitMinutes: ["＋待ち{count}分", " + {count} min waiting"],
  waitHours: ["＋待ち{count}時間", " + {count} h waiting"],
  within: ["{count}分", "{count} min"],
  withinAll: ["全部で{count}分", "{count} min in all"],
  work: ["段取り", "Order of work"],
  inAll: ["全部で約{count}分", "about {count} min in all"],
  at: ["{count}分", "{count} min"],
  free: ["{count}分は手があきます", "your hands are free for {count} min"],
  workFirst: ["先に", "First"],
  workNight: ["前の晩に", "The night before"],
  workAhead: ["{count}時間前までに", "{count} h before"],
  workNow: ["始めてから", "Once you start"],
  day: ["{count}日目", "Day {count}"],
  dayShort: ["{count}日", "{count}"],
  dishes: ["お品書き", "Menu"],
  daysTitle: ["{count}日分の献立", "Menus for {count} days"],
  tip: ["ひとこと", "Tip"],
  recipe: ["作り方", "Method"],
  amounts: ["材料", "Ingredients"],
  contains: ["含むアレルゲン：{names}", "Contains: {names}"],
  containsNone: ["表示対象のアレルゲンは含みません", "Contains none of the labelled allergens"],
  gramsOnly: ["つながらないため、計量はグラムだけです。", "Offline: amounts are in grams only."],
  noRecipe: ["この料理の作り方は料理帳にありません。", "The cookbook has no recipe for this dish."],
  nutrition: ["1人分の栄養", "Nutrition per serving"],
  nutritionHint: ["棒は1日の目安に対する割合です。目安：食品表示基準の栄養素等表示基準値（18歳以上、2,200kcal）、食塩は食事摂取基準の目標量（6.5g未満）、野菜は健康日本21の350g。", "Bars show the share of an adult's day: the reference values of Japan's Food Labelling Standards (2,200 kcal), for salt the goal of the Dietary Reference Intakes (below 6.5 g), for vegetables 350 g."],
  ofDay: ["1日の{percent}%", "{percent}% of a day"],
  shopping: ["買いもの", "Shopping"],
  shoppingLeft: ["あと{count}", "{count} left"],
  leftOver: ["余り：{items}", "Left over: {items}"],
  shoppingPrice: ["全部買うと約{usual}円（{low}〜{high}円）。2026年11月を想定した目安です。", "About {usual} yen for all of it ({low} to {high}), a rough estimate for November 2026."],
  shoppingDone: ["そろいました", "All there"],
  nothingToBuy: ["買うものはありません。", "There is nothing to buy."],
  copyShopping: ["買いものをコピー", "Copy the list"],
  understood: ["お願いから読み取ったこと", "What was understood"],
  notesTitle: ["確かめてください", "Please check"],
  keptTitle: ["守ったこと", "What was kept"],
  keptInText: ["言葉にあった条件を、料理帳の材料表と照らして守りました。", "The conditions of your words were kept, checked against the cookbook."],
  notKnown: ["「{names}」は料理帳にないため、使えませんでした。", "The cookbook does not know {names}."],
  caution: ["材料表にもとづく確認です。加工食品は銘柄によって異なります。必ず商品の表示を確かめてください。", "This was checked against ingredient tables. Processed foods differ by brand: always read the label."],
  keep: ["残す", "Keep"],
  isKept: ["残しました", "Kept"],
  notStored: ["この端末には残せませんでした。", "This device could not keep it."],
  share: ["送る", "Share"],
  copy: ["コピー", "Copy"],
  copied: ["コピーしました", "Copied"],
  notCopied: ["コピーできませんでした。", "It could not be copied."],
  print: ["印刷", "Print"],
  another: ["べつの献立", "Another menu"],
  historyTitle: ["献立の手帖", "Notebook of menus"],
  historyHint: ["この端末のブラウザーにだけ残ります。", "Kept in this browser only."],
  historyEmpty: ["まだ献立がありません。", "No menus yet."],
  close: ["閉じる", "Close"],
  forget: ["{title}を消す", "Delete {title}"],
  forgetAll: ["すべて消す", "Delete all"],
  forgetSure: ["本当に消す", "Really delete all"],
  again: ["もう一度", "Try again"],
  relax: ["「{field}」を見直す", "Look at “{field}”"],
  relaxMinutes: ["{count}分にして、もう一度", "Try again with {count} min"],
  relaxCuisine: ["料理を決めずに、もう一度", "Try again with any cuisine"],
  offlineTitle: ["つながりません", "No connection"],
  offlineWhat: ["電波やWi-Fiを確かめて、もう一度お試しください。手帖の献立は見られます。", "Check your connection and try again. The menus in the notebook can be read."],
  keyTitle: ["鍵が要ります", "A key is needed"],
  keyWhat: ["この献立シェフの持ち主から受け取ったAPIキーを入れてください。タブを閉じるまで覚えています。", "Enter the API key that the owner of this chef gave you. It is forgotten when the tab closes."],
  keyWrong: ["そのAPIキーは使えません。もう一度確かめてください。", "This API key is not valid. Please check it."],
  key: ["APIキー", "API key"],
  useKey: ["この鍵で続ける", "Continue"],
  busyTitle: ["混み合っています", "Too many requests"],
  busyWhat: ["少し待ってから、もう一度お試しください。", "Wait a moment, then try again."],
  restingTitle: ["シェフがまだ起きていません", "The chef is not up yet"],
  restingWhat: ["1分ほど待ってから、もう一度お試しください。", "Wait a minute, then try again."],
  lateTitle: ["時間内に決まりませんでした", "Time ran out"],
  lateWhat: ["日数や食事を減らすか、もう一度お試しください。", "Ask for fewer days or meals, or try again."],
  noMenuTitle: ["条件に合う献立がありません", "No menu keeps all conditions"],
  wrongTitle: ["お願いを直してください", "Please change your wish"],
  brokenTitle: ["うまくいきませんでした", "Something went wrong"],
  brokenWhat: ["こちらの不具合です。少し待って、もう一度お試しください。", "It is our fault. Wait a moment, then try again."],
  brokenStream: ["途中で途切れました。ここまでの献立です。", "The connection broke. This is the menu so far."],
};

// The English of every label of the server's vocabulary, by its Japanese.
const ENGLISH = new Map(
  Object.values(VOCABULARY).flatMap((list) =>
    Object.values(list).map(([japanese, english]) => [japanese, english]),
  ),
);

let language = 0;

export const isEnglish = () => language === 1;

// Returns the words of `key` with `values` in their places.
export function say(key, values = {}) {
  return WORDS[key][language].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Returns a label of the server's vocabulary in the page's language.
export const named = (label) => (isEnglish() ? ENGLISH.get(label) ?? label : label);

// Returns the Japanese label of `name` in a list of the vocabulary; a name of no list stays itself.
export const labelOf = (list, name) => VOCABULARY[list][name]?.[0] ?? name;

export const listed = (names) => names.join(isEnglish() ? ", " : "・");

// Puts the page's fixed words into `code` ("ja" or "en").
export function speak(code) {
  language = code === "en" ? 1 : 0;
  document.documentElement.lang = code;
  document.title = say("brand");
  for (const place of findAll("[data-text]")) place.textContent = say(place.dataset.text);
  for (const place of findAll("[data-placeholder]")) place.placeholder = say(place.dataset.placeholder);
  for (const place of findAll("[data-label]")) place.setAttribute("aria-label", say(place.dataset.label));
  for (const place of findAll("[data-name]")) place.textContent = named(place.dataset.name);
}
