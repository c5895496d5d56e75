// What the graph draws: which claims and links, and how they look.

const MOST_DRAWN = 120;  // more at once is neither legible nor quick
const NEIGHBOURS = 40;
const BOX = { width: 232, line: 18, lines: 4, margin: 10, size: 14 };

/** The links that are drawn: between claims that match; reasons only if they are wanted. */
function drawableLinks() {
  const reasons = byId("reasons").checked;
  const shown = (claim) => claim.matches || claim === chosen;
  return links.filter((link) => (reasons || link.kind === "answers") && shown(claims[link.from]) && shown(claims[link.to]));
}

/** Choose what to draw: all linked claims, or of many those around the chosen one, or else the one answered most. */
function selectionToDraw() {
  const some = drawableLinks();
  const linked = new Set(some.flatMap((link) => [claims[link.from], claims[link.to]]));
  const alone = claims.filter((claim) => claim.matches && !linked.has(claim) && claim.stance === "off-topic");
  if (linked.size + alone.length <= MOST_DRAWN) {
    const drawn = new Set([...linked, ...alone]);
    if (chosen) drawn.add(chosen);
    return { drawn, some, note: linked.size ? "" : "No claim that is shown answers another." };
  }
  const centre = chosen ?? mostAnswered(some);
  const drawn = neighbourhood(centre, some);
  const where = chosen ? "the chosen claim" : "the claim that is answered most";
  return { drawn, some, centre, note: `${drawn.size} of ${linked.size.toLocaleString("en")} linked claims: those around ${where}.` };
}

function mostAnswered(some) {
  const counts = new Map();
  for (const link of some) if (link.kind === "answers") counts.set(link.to, (counts.get(link.to) ?? 0) + 1);
  let best = some.length ? some[0].to : 0;
  for (const [place, number] of counts) if (number > (counts.get(best) ?? 0)) best = place;
  return claims[best];
}

/** The claims nearest to one, along links in both directions. */
function neighbourhood(centre, some) {
  const around = new Map();
  const add = (one, other) => around.set(one, [...(around.get(one) ?? []), other]);
  for (const link of some) {
    if ((around.get(link.from)?.length ?? 0) < NEIGHBOURS) add(link.from, link.to);
    if ((around.get(link.to)?.length ?? 0) < NEIGHBOURS) add(link.to, link.from);
  }
  const found = new Set([centre]);
  for (const claim of found) {  // grows while it is gone through: the nearest first
    for (const place of around.get(claim.place) ?? []) if (found.size < NEIGHBOURS) found.add(claims[place]);
  }
  return found;
}

/** Elements for cytoscape. */
function elementsOf({ drawn, some }) {
  const nodes = [...drawn].sort((one, other) => one.place - other.place).map((claim) => {
    const label = labelOf(claim);
    return { data: { id: `n${claim.place}`, label: label.text, height: label.lines * BOX.line + 2 * BOX.margin, stance: claim.stance || "none", claim: claim.place } };
  });
  const edges = some.filter((link) => drawn.has(claims[link.from]) && drawn.has(claims[link.to])).map((link, number) => ({
    data: {
      id: `e${number}`, source: `n${link.from}`, target: `n${link.to}`, kind: link.kind,
      stance: link.kind === "supports" ? "supports" : known(link.stance) || "none",
      label: link.kind === "supports" ? "reason" : verdict(link).replace(/^is /, ""),
    },
  }));
  // A claim that answers nothing hangs by a dotted line on what its post replies to.
  const anchors = [...drawn].filter((claim) => !claim.outgoing.some((link) => some.includes(link) && drawn.has(claims[link.to])))
    .map((claim) => [claim, posts[posts[claim.post].answers]?.claims.find((other) => drawn.has(other))])
    .filter(([claim, above]) => above && claim.stance);
  const strings = anchors.map(([claim, above]) => ({
    data: { id: `s${claim.place}`, source: `n${claim.place}`, target: `n${above.place}`, kind: "reply", stance: "none", label: "" },
  }));
  return [...nodes, ...edges, ...strings];
}

const measuring = document.createElement("canvas").getContext("2d");

/** Author and text, cut to lines that fit the box. */
function labelOf(claim) {
  measuring.font = `${BOX.size}px ${fontOf()}`;
  const room = BOX.width - 2 * BOX.margin - 4;
  const clean = (text, length) => plain(text, length).slice(1, -1);
  const author = fitted(clean(claim.author, 60), room);
  const lines = [];
  let rest = clean(claim.text, 300);
  while (rest && lines.length < BOX.lines) {
    const line = lines.length === BOX.lines - 1 ? fitted(rest, room) : wrapped(rest, room);
    lines.push(line);
    rest = rest.slice(line.length).trimStart();
  }
  return { text: [`${author} · ${claim.order}`, ...lines].map((line) => `\u2068${line}\u2069`).join("\n"), lines: lines.length + 1 };
}

const fits = (text, room) => measuring.measureText(text).width <= room;

/** As many words of a text as fit into one line, or letters of one that is too long. */
function wrapped(text, room) {
  if (fits(text, room)) return text;
  let line = "";
  for (const word of text.split(/(?<= )/)) {
    if (!fits(line + word.trimEnd(), room)) break;
    line += word;
  }
  return line.trimEnd() || text.slice(0, Math.max(1, longest(text, room)));
}

function fitted(text, room) {
  return fits(text, room) ? text : `${text.slice(0, longest(`${text}`, room - measuring.measureText("…").width)).trimEnd()}…`;
}

/** How many letters of a text fit, by halving. */
function longest(text, room) {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(text.slice(0, middle), room)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function fontOf() {
  return getComputedStyle(document.body).fontFamily;
}

/** The colours of the page as they are just now, light or dark: cytoscape does not know variables. */
function colour(name) {
  const probe = byId("graph");
  probe.style.color = `var(--${name})`;
  const found = getComputedStyle(probe).color;
  probe.style.color = "";
  return found;
}

function graphStyle() {
  const stanceNames = ["agreement", "rebuttal", "neutral", "off-topic", "none"];
  const lines = { agreement: "solid", rebuttal: "dashed", neutral: "dotted", "off-topic": "double", none: "solid" };
  return [
    { selector: "node", style: {
      shape: "round-rectangle", width: BOX.width, height: "data(height)", label: "data(label)", "font-family": fontOf(), "font-size": BOX.size,
      "line-height": BOX.line / BOX.size, "text-wrap": "wrap", "text-max-width": 2 * BOX.width, "text-valign": "center",
      // begins at the left edge: cytoscape itself would centre the whole of it
      "text-halign": "right", "text-margin-x": BOX.margin - BOX.width, "text-justification": "left", color: colour("ink"), "background-color": colour("paper"), "border-width": 2,
    } },
    ...stanceNames.map((name) => ({ selector: `node[stance = "${name}"]`, style: {
      "border-color": colour(name === "none" ? "line-strong" : name), "border-style": lines[name], "border-width": name === "off-topic" ? 4 : name === "none" ? 1 : 2,
    } })),
    { selector: "edge", style: {
      width: 2, "curve-style": "bezier", "target-arrow-shape": "triangle", "arrow-scale": 1.1, "source-endpoint": "270deg", "target-endpoint": "90deg",
      "font-family": fontOf(), "font-size": 13, color: colour("ink"), "text-background-color": colour("paper"), "text-background-opacity": 1, "text-background-padding": 3,
    } },
    ...stanceNames.map((name) => ({ selector: `edge[stance = "${name}"]`, style: {
      "line-color": colour(name === "none" ? "line-strong" : name), "target-arrow-color": colour(name === "none" ? "line-strong" : name), "line-style": lines[name] === "double" ? "solid" : lines[name],
    } })),
    { selector: 'edge[kind = "supports"]', style: { width: 1.2, "line-color": colour("line-strong"), "target-arrow-color": colour("line-strong"), "target-arrow-shape": "vee", "arrow-scale": 0.9 } },
    { selector: 'edge[kind = "reply"]', style: { width: 1.2, "line-style": "dotted", "target-arrow-shape": "none" } },
    { selector: ".far", style: { opacity: 0.4 } },
    { selector: "edge.near", style: { width: 3, label: "data(label)", "z-index": 9 } },
    { selector: "node.chosen", style: { "border-width": 4, "background-color": colour("chosen"), "z-index": 10 } },
    { selector: "core", style: { "active-bg-opacity": 0, "selection-box-opacity": 0 } },
  ];
}
