// The conversation: posts indented by depth, quotations as such, claims underlined by stance.

const DEEPEST = 7;  // further in, lines would be too narrow to read
const QUOTED = /^(?:[ \t]{0,3}>[ \t]?)+/;
const folded = new Set();

function drawConversation() {
  const place = byId("posts");
  if (!posts.length) place.append(element("p", { class: "quiet" }, "There are no posts in this thread."));
  for (const post of posts) {
    if (post.stance === "off-topic" && post.depth > 0) folded.add(post);
    place.append(drawnPost(post));
  }
  place.addEventListener("click", (event) => {
    const mark = event.target.closest(".claim");
    // who drags over words wants to copy them
    if (mark && getSelection().isCollapsed) choose(claims[mark.dataset.claim], "conversation");
  });
  whenChosen.push(showChosenInConversation);
  const first = claims.find((claim) => claim.marks.length);
  if (first) first.marks[0].tabIndex = 0;
}

function drawnPost(post) {
  const heading = element("h3", { id: `post-${post.place}` }, foreign(post.name));
  post.body = element("div", { class: "text", dir: "auto", id: `text-${post.place}` }, ...drawnText(post));
  post.drawn = element(
    "article",
    { class: "post", "aria-labelledby": heading.id, "data-stance": post.answers >= 0 ? known(post.stance) : null },
    element("div", { class: "post-head" }, heading, ...postFacts(post)),
    post.body,
  );
  post.drawn.style.setProperty("--depth", Math.min(post.depth, DEEPEST));
  return post.drawn;
}

/** When, to whom, how it takes it, and what its claims do. */
function postFacts(post) {
  const facts = [];
  if (post.date) facts.push(element("time", { datetime: post.date, title: post.date }, dateInWords(post.date)));
  const above = posts[post.answers];
  if (above) {
    const name = foreign(shortened(above.name, 40));
    const goes = element("button", { type: "button", class: "link", onclick: () => goToPost(above) }, "to ", name);
    facts.push(goes);
    if (post.stance) {
      const words = (Number(sureness(post) || 1) < 0.5 ? "perhaps " : "") + verdict(post);
      const why = element("span", { class: "unseen" }, ...reason(post));
      facts.push(element("span", { class: "verdict", "data-stance": known(post.stance) }, words, why));
    }
    facts.push(splitOf(post));
  }
  if (post.children.length || folded.has(post)) facts.push(foldButton(post));
  return facts;
}

/** What the claims of a reply do: a bar, and "1 agrees, 2 rebut". */
function splitOf(post) {
  const stances = stancesOf(post.claims);
  if (!Object.keys(stances).some(Boolean)) return null;
  return element("span", { class: "split" }, stanceBar(stances, post.claims.length), element("span", {}, ...tally(stances)));
}

function foldButton(post) {
  const number = below(post).length;
  post.foldButton = element("button", { type: "button", class: "fold", "aria-expanded": "true", onclick: () => fold(post, !folded.has(post)) });
  post.foldLabel = number ? `${number.toLocaleString("en")} ${number === 1 ? "reply" : "replies"}` : "post";
  return post.foldButton;
}

/** The text in paragraphs and quotations, each claim in it marked. */
function drawnText(post) {
  for (const claim of post.claims) claim.marks = [];
  if (!post.text.trim()) return [element("p", { class: "quiet" }, "(empty)")];
  const drawn = [];
  let depth = 0;
  let inner = null;
  for (const block of blocksOf(post.text)) {
    if (block.depth !== depth || !inner) {
      depth = block.depth;
      inner = null;
      for (let level = 0; level < Math.min(depth, 4); level += 1) {
        const quote = element("blockquote");
        if (inner) inner.append(quote);
        else drawn.push(quote);
        inner = quote;
      }
    }
    const paragraph = element("p", { dir: "auto" }, ...block.lines.flatMap((line, number) => [
      ...(number ? [document.createTextNode("\n")] : []), ...markedLine(post, line.start, line.end),
    ]));
    if (inner) inner.append(paragraph);
    else drawn.push(paragraph);
  }
  const lost = post.claims.filter((claim) => !claim.marks.length);  // their offsets say nothing
  drawn.push(...lost.map((claim) => element("p", { class: "lost", dir: "auto" }, mark(claim, claim.text || claim.id))));
  return drawn;
}

/** Blocks of lines of one depth of quotation, parted by empty lines; a line is where its own words stand. */
function blocksOf(text) {
  const blocks = [];
  let open = false;
  let start = 0;
  for (const line of text.split("\n")) {
    const markers = QUOTED.exec(line)?.[0] ?? "";
    const depth = markers.replace(/[^>]/g, "").length;
    const words = { start: start + markers.length, end: start + line.length };
    if (!line.slice(markers.length).trim()) open = false;
    else if (open && blocks.at(-1).depth === depth) blocks.at(-1).lines.push(words);
    else {
      blocks.push({ depth, lines: [words] });
      open = true;
    }
    start += line.length + 1;
  }
  return blocks;
}

function markedLine(post, start, end) {
  const pieces = [];
  let done = start;
  for (const claim of post.claims) {
    const from = Math.max(claim.start, done);
    const to = Math.min(claim.end, end);
    if (claim.start < 0 || from >= to) continue;
    pieces.push(document.createTextNode(post.text.slice(done, from)), mark(claim, post.text.slice(from, to)));
    done = to;
  }
  pieces.push(document.createTextNode(post.text.slice(done, end)));
  return pieces;
}

/** A piece of a claim; the first is a button for the keyboard, the others are the same for the mouse. */
function mark(claim, text) {
  const first = !claim.marks.length;
  const made = element("span", { class: "claim", "data-claim": claim.place, "data-stance": claim.stance }, text);
  if (first) {
    made.setAttribute("role", "button");
    made.setAttribute("aria-pressed", "false");
    made.tabIndex = -1;
    made.append(element("span", { class: "unseen" }, ` (${claim.stance ? verdict(claim) : claim.role || "claim"})`));
  }
  claim.marks.push(made);
  return made;
}

function showChosenInConversation(claim, before, by) {
  for (const made of before?.marks ?? []) made.classList.remove("chosen");
  before?.marks[0]?.setAttribute("aria-pressed", "false");
  if (!claim) return;
  reveal(posts[claim.post]);
  for (const made of claim.marks) made.classList.add("chosen");
  claim.marks[0]?.setAttribute("aria-pressed", "true");
  makeTabStop(claim);
  if (by !== "conversation") claim.marks[0]?.scrollIntoView({ block: "center", behavior: by === "address" || calm() ? "auto" : "smooth" });
}

/** Of all claims one is reached by Tab, the others from it by the arrow keys. */
function makeTabStop(claim) {
  for (const made of byId("posts").querySelectorAll('.claim[tabindex="0"]')) made.tabIndex = -1;
  if (claim.marks[0]) claim.marks[0].tabIndex = 0;
}

function fold(post, hide) {
  if (hide) folded.add(post);
  else folded.delete(post);
  refreshConversation();
}

/** Unfold what hides a post. */
function reveal(post) {
  let unfolded = false;
  for (let each = post; each; each = posts[each.answers]) unfolded = folded.delete(each) || unfolded;
  if (unfolded) refreshConversation();
}

function goToPost(post) {
  for (let above = posts[post.answers]; above; above = posts[above.answers]) folded.delete(above);
  refreshConversation();
  post.drawn.scrollIntoView({ block: "start" });
  post.drawn.classList.remove("arrived");
  void post.drawn.offsetWidth;  // so that the animation starts again
  post.drawn.classList.add("arrived");
}

/** Show what the filters leave, with the headers of what it answers; without a filter, all but what is folded. */
function refreshConversation() {
  const context = new Set();
  if (filters.active) {
    for (const post of posts) {
      if (!post.matches) continue;
      for (let above = posts[post.answers]; above && !context.has(above); above = posts[above.answers]) context.add(above);
    }
  }
  let hiddenBelow = Infinity;
  for (const post of posts) {
    if (post.depth <= hiddenBelow) hiddenBelow = folded.has(post) ? post.depth : Infinity;
    const under = hiddenBelow < post.depth;
    const closed = filters.active ? !post.matches : folded.has(post);
    post.drawn.hidden = filters.active ? !post.matches && !context.has(post) : under;
    post.body.hidden = closed;
    post.drawn.classList.toggle("closed", closed);
    if (post.foldButton) {
      post.foldButton.hidden = filters.active;
      post.foldButton.setAttribute("aria-expanded", String(!closed));
      post.foldButton.textContent = `${closed ? "Show" : "Fold"} ${post.foldLabel}`;
    }
    for (const claim of post.claims) for (const made of claim.marks) made.classList.toggle("faded", !claim.matches);
  }
  const stop = byId("posts").querySelector('.claim[tabindex="0"]');
  if (!stop || !stop.checkVisibility()) {
    const first = reachable()[0];
    if (first) makeTabStop(first);
  }
}

/** The claims that the arrow keys go through: those that are seen and match. */
function reachable() {
  return claims.filter((claim) => claim.matches && claim.marks.length && !posts[claim.post].drawn.hidden && !posts[claim.post].body.hidden);
}
