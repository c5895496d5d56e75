// The panel that says in words what the chosen claim does, and the table of stances by author.

const AUTHORS_SHOWN = 12;
const OUTLINED = 80;

function showDetails(claim) {
  const body = byId("details-body");
  byId("details-close").hidden = !claim;
  document.body.classList.toggle("has-chosen", Boolean(claim));
  body.replaceChildren(...(claim ? detailsOf(claim) : outline()));
  body.scrollTop = 0;
}

/** With nothing chosen: every reply in one line, so that one sees at a glance who takes which side. */
function outline() {
  const replies = posts.filter((post) => post.depth > 0);
  const items = replies.slice(0, OUTLINED).map((post) => {
    const item = element("li", {},
      element("button", { type: "button", class: "link", onclick: () => { showTab("conversation"); reveal(post); goToPost(post); } }, foreign(shortened(post.name, 30))),
      " ", splitOf(post) ?? element("span", { class: "quiet" }, post.text.trim() ? "no claims" : "empty"));
    item.style.setProperty("--depth", Math.min(post.depth - 1, DEEPEST));
    return item;
  });
  if (replies.length > OUTLINED) items.push(element("li", { class: "quiet" }, `and ${counted(replies.length - OUTLINED, "post")} more`));
  return [
    element("p", { class: "quiet" }, "Choose a claim, in the conversation or in the graph, to see what it answers, what answers it, and why. The replies:"),
    element("ul", { class: "outline" }, ...items),
  ];
}

function detailsOf(claim) {
  const post = posts[claim.post];
  const answers = claim.outgoing.filter((link) => link.kind === "answers");
  const reasonFor = claim.outgoing.filter((link) => link.kind === "supports");
  return [
    element("p", { class: "who" }, foreign(post.name, { class: "author" }), `, claim ${claim.order} of ${post.claims.length}`,
      claim.role === "premise" ? ", a reason" : "", " · ", element("a", { href: addressOf(claim) }, "address of this claim")),
    element("blockquote", { dir: "auto", "data-stance": claim.stance }, claim.text),
    ...stanceInWords(claim, answers),
    ...listed("Answers", answers, (link) => claims[link.to]),
    ...listed("Is a reason for", reasonFor, (link) => claims[link.to]),
    ...listed("Answered by", claim.incoming.filter((link) => link.kind === "answers"), (link) => claims[link.from]),
    ...listed("Reasons given for it", claim.incoming.filter((link) => link.kind === "supports"), (link) => claims[link.from]),
  ];
}

function stanceInWords(claim, answers) {
  if (!claim.stance) return answers.length ? [] : [element("p", {}, "Takes no side: it answers no other claim.")];
  const where = claim.stance === "off-topic" ? ": it has nothing to do with what it replies to" : ", taken by itself";
  const words = verdict(claim);
  return [element("p", {}, element("span", { class: "verdict", "data-stance": claim.stance }, words), where, ".")];
}

/** A list of links: the other claim, and the judgement with its reason. */
function listed(title, some, other) {
  if (!some.length) return [];
  const items = some.map((link) => {
    const claim = other(link);
    const words = link.kind === "answers" ? verdict(link).replace(" 0.", ", 0.").replace(" 1.", ", 1.") : sureness(link);
    return element("li", {},
      element("span", { class: "why" }, element("strong", { "data-stance": known(link.stance) }, words), ...reason(link), ":"),
      element("button", { type: "button", class: "other", "data-stance": claim.stance, onclick: () => chooseFromDetails(claim) },
        foreign(claim.author, { class: "author" }), ": ", foreign(shortened(claim.text, 160))));
  });
  return [element("h3", {}, some.length > 1 ? `${title} (${some.length})` : title), element("ul", {}, ...items)];
}

function chooseFromDetails(claim) {
  choose(claim, "details");
  byId("details-heading").focus();  // the button that had it is gone
}

/** One row for each author: name, bar, number of claims. */
function drawChart() {
  const rows = thread.authors.map(([author, stances]) => [author, stances, Object.values(stances).reduce((sum, n) => sum + n, 0)])
    .filter(([, , number]) => number);
  const most = Math.max(1, ...rows.map(([, , number]) => number));
  const body = rows.slice(0, AUTHORS_SHOWN).map(([author, stances, number]) => {
    const shown = byStance(stances);
    const bar = element("td", {}, stanceBar(shown, most), element("span", { class: "unseen" }, ...tally(shown, { withNone: true })));
    bar.title = STANCES.filter((stance) => shown[stance]).map((stance) => `${shown[stance]} ${WORDS[stance].many}`).join(", ");
    return element("tr", {}, element("th", { scope: "row" }, foreign(author)), bar, element("td", { class: "number" }, String(number)));
  });
  const head = element("thead", {}, element("tr", {},
    ...["Author", "Stances", "Claims"].map((name) => element("th", { scope: "col" }, element("span", { class: "unseen" }, name)))));
  byId("chart").append(element("table", {}, head, element("tbody", {}, ...body)));
  if (rows.length > AUTHORS_SHOWN) byId("chart").append(element("p", { class: "quiet" }, `Those with most claims, of ${counted(rows.length, "author")}${rows.length === 200 ? " or more" : ""}.`));
  if (!rows.length) byId("chart").replaceChildren(element("p", { class: "quiet" }, "There are no claims in this thread."));
}

function byStance(stances) {
  const found = {};
  for (const [stance, number] of Object.entries(stances)) found[known(stance)] = (found[known(stance)] ?? 0) + number;
  return found;
}
