// Words and elements.  The scripts of the page are put together in one scope, in the order that html.py names.

const STANCES = ["agreement", "rebuttal", "neutral", "off-topic", ""];
// "" is a claim that has no stance: in an opening post, or less sure than was asked for.
const WORDS = {
  agreement: { verb: "agrees", many: "agree", name: "Agrees" },
  rebuttal: { verb: "rebuts", many: "rebut", name: "Rebuts" },
  neutral: { verb: "is neutral", many: "neutral", name: "Neutral" },
  "off-topic": { verb: "is off-topic", many: "off-topic", name: "Off-topic" },
  "": { verb: "takes no side", many: "without a stance", name: "No stance" },
};
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const byId = (id) => document.getElementById(id);
const known = (stance) => (Object.hasOwn(WORDS, stance) ? stance : "");
const counted = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

/** Make an element.  Texts become text nodes, so nothing of a thread is ever read as markup. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Text of a thread in an element of its own direction of writing. */
function foreign(text, attributes = {}) {
  return element("bdi", attributes, text);
}

/** Text of a thread where only plain text can stand: without marks of direction, isolated, on one line. */
function plain(text, length = 200) {
  const line = text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").replace(/\s+/g, " ").trim();
  return `\u2068${shortened(line, length)}\u2069`;
}

function shortened(text, length) {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  const space = cut.lastIndexOf(" ");
  return `${space > length / 2 ? cut.slice(0, space) : cut}…`;
}

/** "2023-04-01T10:30:00+00:00" as "1 Apr 2023, 10:30": the hour that the source says, wherever this is read. */
function dateInWords(date) {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?/.exec(date);
  if (!found) return date;
  const [, year, month, day, time] = found;
  return `${Number(day)} ${MONTHS[month - 1] ?? month} ${year}${time && time !== "00:00" ? `, ${time}` : ""}`;
}

function sureness(judged) {
  return judged.confidence === undefined ? "" : judged.confidence.toFixed(2);
}

/** "rebuts 0.83", or "rebuts". */
function verdict(judged) {
  return [WORDS[known(judged.stance)].verb, sureness(judged)].filter(Boolean).join(" ");
}

/** Why a judgement was made, as pieces for an element: "because of “but that is not”". */
function reason(judged) {
  const cue = judged.cue ? element("q", {}, foreign(judged.cue)) : null;
  if (judged.basis === "quote") return cue ? [", because it quotes ", cue] : [", because it quotes it"];
  if (judged.basis === "cue") return cue ? [", because of ", cue] : [", because of its words"];
  if (judged.basis === "model") return cue ? [", by all the evidence together, such as the words ", cue] : [", by all the evidence together"];
  return cue ? [", because of ", cue] : [];
}

/** "9 agree, 14 rebut", with a sample of each colour. */
function tally(stances, { withNone = false } = {}) {
  const pieces = [];
  for (const stance of STANCES) {
    if (!stances[stance] || (!stance && !withNone)) continue;
    if (pieces.length) pieces.push(", ");
    const words = `${stances[stance].toLocaleString("en")} ${stance === "agreement" && stances[stance] === 1 ? "agrees"
      : stance === "rebuttal" && stances[stance] === 1 ? "rebuts" : WORDS[stance].many}`;
    pieces.push(element("span", { class: "tally", "data-stance": stance }, words));
  }
  return pieces;
}

/** A bar of coloured parts, as wide as the counts; for the eye alone, since the words stand beside it. */
function stanceBar(stances, whole) {
  const bar = element("span", { class: "bar", "aria-hidden": "true" });
  for (const stance of STANCES) {
    if (!stances[stance]) continue;
    const part = element("span", { "data-stance": stance });
    part.style.width = `${(100 * stances[stance]) / whole}%`;
    bar.append(part);
  }
  return bar;
}
