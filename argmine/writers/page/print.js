// On paper nothing can be chosen: below each post stands what its claims answer, as long as it is printed.

function preparePrint() {
  addEventListener("beforeprint", () => {
    for (const post of posts) if (!post.drawn.hidden && !post.body.hidden) post.drawn.append(...printedLinks(post));
  });
  addEventListener("afterprint", () => {
    for (const list of document.querySelectorAll(".printed")) list.remove();
  });
}

function printedLinks(post) {
  const lines = post.claims.flatMap((claim) => claim.outgoing.filter((link) => link.kind === "answers").map((link) => {
    const other = claims[link.to];
    return element("li", {}, "“", foreign(shortened(claim.text, 60)), "” ", element("strong", { "data-stance": known(link.stance) }, verdict(link)), " ",
      foreign(other.author), ", “", foreign(shortened(other.text, 60)), "”", ...reason(link));
  }));
  return lines.length ? [element("ul", { class: "printed" }, ...lines)] : [];
}
