// Filters: which claims match, and which posts are shown for them.

const filters = { active: false, query: "" };
const whenFiltered = [];

function prepareFilters() {
  const everything = byStance(thread.counts.stances);
  for (const stance of STANCES) {
    if (!everything[stance]) continue;
    const box = element("input", { type: "checkbox", value: stance, checked: true });
    const sample = element("span", { class: "sample", "data-stance": stance }, WORDS[stance].name);
    byId("stances").append(element("label", {}, box, sample, element("span", { class: "number" }, everything[stance].toLocaleString("en"))));
  }
  const names = [...new Set(posts.map((post) => post.author))].sort((one, other) => one.localeCompare(other, "en"));
  fillChoice(byId("author"), "everyone", names.map((name) => [name, name ? plain(name, 40) : "(unknown)"]));
  const branches = posts.filter((post) => post.branch === post.place);
  fillChoice(byId("branch"), "all", branches.map((post) => {
    const words = post.text.replace(/^[ \t]*>.*$/gm, "").trim() || post.text;
    return [String(post.place), `${plain(post.name, 24)}: ${plain(words, 40)} (${below(post).length + 1})`];
  }));
  const form = byId("filters");
  form.addEventListener("input", refreshFilters);
  form.addEventListener("reset", () => setTimeout(refreshFilters));  // the fields are reset after this event
  form.addEventListener("submit", (event) => event.preventDefault());
  refreshFilters();
}

function fillChoice(select, all, choices) {
  select.append(element("option", { value: "*" }, all));
  for (const [value, text] of choices) select.append(element("option", { value: `=${value}` }, text));
  select.closest("label").hidden = choices.length < 2;
}

function refreshFilters() {
  const boxes = [...byId("stances").querySelectorAll("input")];
  const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  const least = Number(byId("confidence").value);
  byId("confidence-value").value = least.toFixed(2);
  const [author, branch] = [byId("author").value, byId("branch").value];
  const query = byId("search").value.trim().toLowerCase();
  const judging = wanted.size < boxes.length || least > 0;
  filters.query = query;
  filters.active = judging || author !== "*" || branch !== "*" || query !== "";
  for (const post of posts) {
    // the opening post belongs to every branch
    const here = (author === "*" || author === `=${post.author}`) && (branch === "*" || branch === `=${post.branch}` || post.depth === 0);
    for (const claim of post.claims) {
      claim.matches = here && wanted.has(claim.stance) && !(claim.stance && (claim.confidence ?? 1) < least)
        && (!query || claim.text.toLowerCase().includes(query));
    }
    // words that stand in no claim are found, too
    const said = here && (query ? !judging && `${post.author}\n${post.text}`.toLowerCase().includes(query) : !judging);
    post.matches = said || post.claims.some((claim) => claim.matches);
  }
  sayHowMany();
  refreshConversation();
  highlight(query);
  for (const react of whenFiltered) react();
}

function sayHowMany() {
  const number = claims.filter((claim) => claim.matches).length;
  byId("shown").textContent = filters.active ? `${number.toLocaleString("en")} of ${counted(claims.length, "claim")}` : "";
}

/** Mark the words that are searched for, where the browser can without touching the text. */
function highlight(query) {
  if (!globalThis.CSS?.highlights) return;
  CSS.highlights.delete("found");
  if (!query) return;
  const ranges = [];
  for (const post of posts) {
    if (!post.matches || ranges.length > 2000) continue;
    const walker = document.createTreeWalker(post.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.className === "unseen") continue;
      const text = node.data.toLowerCase();
      if (text.length !== node.data.length) continue;  // "İ" grows
      for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + query.length);
        ranges.push(range);
      }
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}
