// The thread that the page holds, with what is asked of it often worked out once, and what is chosen in it.

const thread = JSON.parse(byId("thread").textContent);
const { posts, claims, links } = thread;

for (const post of posts) {
  Object.assign(post, { claims: [], children: [], depth: 0, branch: -1 });
}
for (const claim of claims) {
  Object.assign(claim, { outgoing: [], incoming: [], stance: known(claim.stance) });
  posts[claim.post].claims.push(claim);
}
claims.forEach((claim, place) => Object.assign(claim, { place }));
for (const link of links) {
  claims[link.from].outgoing.push(link);
  claims[link.to].incoming.push(link);
}

// Posts stand in reading order, so what a post answers comes before it; a damaged graph may say otherwise.
posts.forEach((post, place) => {
  post.place = place;
  if (post.answers >= place) post.answers = -1;
  const above = posts[post.answers];
  post.name = post.author || (above ? `post ${shortened(post.id, 16)}` : "opening post");
  if (!above) return;
  above.children.push(post);
  post.depth = above.depth + 1;
  post.branch = above.answers === -1 ? place : above.branch;
});

for (const claim of claims) claim.author = posts[claim.post].name;

const claimOfId = new Map(claims.map((claim) => [claim.id, claim]));
const postOfId = new Map(posts.map((post) => [post.id, post]));

function stancesOf(some) {
  const found = {};
  for (const claim of some) found[claim.stance] = (found[claim.stance] ?? 0) + 1;
  return found;
}

/** The posts below a post, at any depth: those behind it until one is no deeper. */
function below(post) {
  let end = post.place + 1;
  while (end < posts.length && posts[end].depth > post.depth) end += 1;
  return posts.slice(post.place + 1, end);
}

/** The address of a claim in this page: "#c7:2" for "c7#2". */
function addressOf(claim) {
  return `#${encodeURIComponent(posts[claim.post].id)}:${claim.order}`;
}

/** The claim or post that an address names, if there is one. */
function addressed(hash) {
  let name;
  try {
    name = decodeURIComponent(hash.replace(/^#/, ""));
  } catch {
    return {};  // cut in the middle of an escape
  }
  const colon = name.lastIndexOf(":");
  const claim = claimOfId.get(`${name.slice(0, colon)}#${name.slice(colon + 1)}`) ?? claimOfId.get(name);
  return { claim, post: claim ? posts[claim.post] : postOfId.get(name) };
}

// What is chosen: one claim or none.  Each part of the page says here what it does then.
const whenChosen = [];
let chosen = null;

/** Choose a claim, or none with null; ``by`` names the part of the page that was used. */
function choose(claim, by = "page") {
  if (claim === chosen && by !== "address") return;
  const before = chosen;
  chosen = claim;
  for (const react of whenChosen) react(claim, before, by);
}
