// The page itself: heading, light and dark, tabs on a narrow screen, keys, addresses.

const narrow = matchMedia("(max-width: 860px)");
const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

function drawHeading() {
  const { counts, left_out: leftOut } = thread;
  byId("title").append(foreign(thread.title || "A thread without a title"));
  if (/^https?:\/\//i.test(thread.url)) {
    byId("title").append(" ", element("a", { href: thread.url, rel: "noreferrer noopener", target: "_blank", class: "source" }, "source"));
  }
  const stances = tally(byStance(counts.stances));
  const sizes = `${counted(counts.posts, "post")}, ${counted(counts.claims, "claim")}`;
  byId("headline").append(sizes, ...(stances.length ? [": ", ...stances] : []));
  if (leftOut.claims || leftOut.posts) {
    byId("notice").hidden = false;
    byId("notice").textContent = `Summary: this thread is too large for one page. Counts and authors are those of the whole thread; below are the ${counted(posts.length, "post")} that are answered most, `
      + `with ${counted(claims.length, "claim")}, and ${counted(leftOut.posts, "post")} with ${counted(leftOut.claims, "claim")} are left out.`;
  }
}

function isDark() {
  const wanted = document.documentElement.dataset.theme;
  return wanted ? wanted === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function showTheme() {
  byId("theme").setAttribute("aria-pressed", String(isDark()));
  drawing?.style(graphStyle());
}

function switchTheme() {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  showTheme();
}

/** On a narrow screen, conversation and graph are behind tabs. */
function showTab(name) {
  document.body.dataset.tab = name;
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const here = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(here));
    tab.tabIndex = here ? 0 : -1;
  }
  if (name === "side" && !drawnNow) redraw();
}

function prepareTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  for (const tab of tabs) {
    tab.addEventListener("click", () => showTab(tab.id.slice(4)));
    tab.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      const other = tabs[(tabs.indexOf(tab) + 1) % tabs.length];
      showTab(other.id.slice(4));
      other.focus();
      event.stopPropagation();
    });
  }
  showTab("conversation");
}

function prepareKeys() {
  const dialog = byId("keys");
  byId("keys-button").addEventListener("click", () => dialog.showModal());
  byId("theme").addEventListener("click", switchTheme);
  byId("filters-button").addEventListener("click", (event) => {
    event.currentTarget.setAttribute("aria-expanded", String(document.body.classList.toggle("filtering")));
  });
  byId("details-close").addEventListener("click", () => choose(null));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    const done = (typing ? keyWhileTyping : keyOnPage)(event);
    if (done) event.preventDefault();
  });
}

function focusSearch() {
  if (!byId("search").checkVisibility()) byId("filters-button").click();
  byId("search").focus();
}

function keyWhileTyping(event) {
  if (event.key !== "Escape") return false;
  event.target.blur();
  return true;
}

function keyOnPage(event) {
  const { key, target } = event;
  const anywhere = {
    "?": () => byId("keys").showModal(), "/": focusSearch, Escape: () => choose(null), t: switchTheme,
    g: () => { showTab("side"); byId("graph").focus(); }, c: () => { showTab("conversation"); focusClaim(chosen ?? reachable()[0]); },
    f: fitGraph, "+": () => zoomBy(1.25), "-": () => zoomBy(0.8),
  }[key];
  if (anywhere) return anywhere() ?? true;
  const mark = target.closest(".claim");
  if (!mark && target !== byId("graph") && target !== document.body) return false;
  if (mark && (key === "Enter" || key === " ")) {
    const claim = claims[mark.dataset.claim];
    choose(claim === chosen ? null : claim, "conversation");
    return true;
  }
  const next = nextClaim(key, mark ? claims[mark.dataset.claim] : chosen);
  if (!next) return key in STEPS || key === "ArrowLeft" || key === "ArrowRight";
  choose(next, "keys");
  if (target !== byId("graph")) focusClaim(next);
  return true;
}

/** The claim that an arrow key goes to from one, or from none. */
function nextClaim(key, from) {
  if (key in STEPS) {
    const some = reachable();
    if (!from) return key === "End" || key === "ArrowUp" ? some.at(-1) : some[0];
    const here = some.indexOf(from);
    const behind = some.findIndex((claim) => claim.place > from.place);
    const at = here >= 0 ? here + STEPS[key] : key === "ArrowDown" ? behind : behind - 1;
    return some[Math.min(Math.max(at, 0), some.length - 1)];
  }
  if (!from) return undefined;
  const first = (some, end) => (some.find((link) => link.kind === "answers") ?? some[0])?.[end];
  if (key === "ArrowLeft") return claims[first(from.outgoing, "to")];
  if (key === "ArrowRight") return claims[first(from.incoming, "from")];
  return undefined;
}

function focusClaim(claim) {
  claim?.marks[0]?.focus({ preventScroll: claim === chosen });
}

/** The address follows what is chosen, and what the address names is chosen. */
function prepareAddresses() {
  whenChosen.push((claim, before, by) => {
    if (by === "address") return;
    try {
      history.replaceState(null, "", claim ? addressOf(claim) : "#");
    } catch {
      // in a frame without an address of its own
    }
  });
  addEventListener("hashchange", followAddress);
  followAddress();
}

function followAddress() {
  const { claim, post } = addressed(location.hash);
  if (claim) choose(claim, "address");
  else if (post) goToPost(post);
}

drawHeading();
drawConversation();
prepareFilters();
drawChart();
whenChosen.push(showDetails);
showDetails(null);
prepareTabs();
prepareGraph();
preparePrint();
prepareKeys();
prepareAddresses();
showTheme();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
narrow.addEventListener("change", () => redraw());
