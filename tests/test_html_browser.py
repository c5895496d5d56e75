"""The page in a real browser: what a reader does with it, on a wide screen, a phone, by keyboard, on paper."""

import json
from functools import partial
from pathlib import Path

import networkx as nx
import pytest
from pages import HOSTILE, click_node, details, drawn, graph_of, opened_in, small_graph, started

import argmine

expect = pytest.importorskip("playwright.sync_api").expect
ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "images"
TREES, DRIP, JUNE = "p0#1", "p1#2", "p2#1"


@pytest.fixture(scope="module")
def browser():
    with started() as running:
        yield running


@pytest.fixture
def opened(browser, tmp_path):
    return partial(opened_in, browser, tmp_path)


def claim(page, words):
    return page.locator(".claim", has_text=words)


def shown_posts(page):
    # not the inner texts: those of posts outside the window are empty until the browser lays them out
    return page.locator(".post:visible h3").all_text_contents()


def test_the_heading_counts(opened):
    with opened(small_graph()) as page:
        assert page.title() == "Which trees for the harbour street?"
        counts = "5 posts, 7 claims: 1 agrees, 2 rebut, 1 neutral, 1 off-topic"
        assert page.inner_text("#headline") == counts
        rows = page.locator("#chart tbody tr").all_inner_texts()
        assert [row.split()[0] for row in rows] == ["Ann", "Ben", "Cleo", "Dan"]


def test_the_conversation_shows_quotes_and_stances(opened):
    with opened(small_graph()) as page:
        assert page.inner_text(".post blockquote") == "They give shade."
        assert page.inner_text("#text-1").startswith("They give shade.")  # without the mark of the quotation
        assert claim(page, "lime trees drip").get_attribute("data-stance") == "rebuttal"
        line = claim(page, "lime trees drip").evaluate("(mark) => getComputedStyle(mark).textDecorationStyle")
        assert line == "dashed"
        assert "1 agrees, 1 rebuts" in page.locator(".post").nth(1).inner_text()
        left = [page.locator(".post").nth(number).bounding_box()["x"] for number in range(3)]
        assert left[0] < left[1] < left[2]


def test_choosing_in_the_conversation_shows_in_the_graph_and_in_words(opened):
    with opened(small_graph()) as page:
        claim(page, "lime trees drip").click()
        words = details(page)
        assert "rebuts, 0.83, because of But: Ann: We should plant lime trees." in words
        assert page.evaluate("document.getElementById('graph')._cyreg.cy.nodes('.chosen').length") == 1
        assert page.url.endswith("#p1:2")
        page.locator("#details-body .other").first.click()
        assert "Answered by (2)" in details(page)
        assert "agrees, 0.83, because of True,: Ben: True, they do." in details(page)
        page.click("#details-close")
        assert "Choose a claim" in details(page)


def test_choosing_in_the_graph_shows_in_the_conversation(opened):
    with opened(small_graph()) as page:
        click_node(page, JUNE)
        assert claim(page, "No, only in June").get_attribute("aria-pressed") == "true"
        assert page.url.endswith("#p2:1")


def test_answers_stand_right_of_what_they_answer(opened):
    with opened(small_graph()) as page:
        leftwards = """(() => { const edges = document.getElementById("graph")._cyreg.cy.edges("[kind = 'answers']");
            return edges.every((edge) => edge.source().position("x") > edge.target().position("x")); })()"""
        assert page.evaluate(leftwards)
        apart = """(() => { const nodes = document.getElementById("graph")._cyreg.cy.nodes();
            const boxes = nodes.map((node) => node.boundingBox());
            return boxes.every((a, i) => boxes.every((b, j) =>
                i === j || a.x2 <= b.x1 || b.x2 <= a.x1 || a.y2 <= b.y1 || b.y2 <= a.y1)); })()"""
        assert page.evaluate(apart)


def test_off_topic_branches_are_folded(opened):
    with opened(small_graph()) as page:
        assert shown_posts(page) == ["Ann", "Ben", "Ann", "Cleo"]
        assert not claim(page, "Cheap watches").is_visible()
        page.get_by_role("button", name="Show 1 reply").click()
        assert shown_posts(page) == ["Ann", "Ben", "Ann", "Cleo", "Dan"]
        assert claim(page, "Cheap watches").is_visible()


def test_filters(opened):
    with opened(small_graph()) as page:
        for stance in ("agreement", "neutral", "off-topic", ""):
            page.uncheck(f'#stances input[value="{stance}"]')
        expect(page.locator("#shown")).to_have_text("2 of 7 claims")
        assert "faded" in claim(page, "True, they do").get_attribute("class")
        assert set(drawn(page)) == {DRIP, JUNE} or set(drawn(page)) == set()
        page.click("button[type=reset]")
        expect(page.locator("#shown")).to_have_text("")
        page.fill("#confidence", "0.65")
        expect(page.locator("#shown")).to_have_text("3 of 7 claims")  # those without a stance have no confidence either
        page.click("button[type=reset]")
        expect(page.locator("#shown")).to_have_text("")
        page.select_option("#author", label="\u2068Ben\u2069")
        assert shown_posts(page) == ["Ann", "Ben"]
        assert not page.locator("#text-0").is_visible()  # Ann is there to show whom Ben answers
        page.click("button[type=reset]")
        expect(page.locator("#shown")).to_have_text("")
        page.select_option("#branch", index=2)
        assert shown_posts(page) == ["Ann", "Cleo", "Dan"]


def test_search(opened):
    with opened(small_graph()) as page:
        page.keyboard.press("/")
        page.keyboard.type("LIME")
        expect(page.locator("#shown")).to_have_text("2 of 7 claims")
        assert shown_posts(page) == ["Ann", "Ben"]
        assert page.evaluate("CSS.highlights.get('found').size") == 2
        page.fill("#search", "nowhere to be found")
        expect(page.locator("#shown")).to_have_text("0 of 7 claims")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement === document.body")


def test_the_keyboard_does_everything(opened):
    with opened(small_graph()) as page:
        focused = "document.activeElement.firstChild?.data"
        page.keyboard.press("c")
        assert page.evaluate(focused) == "We should plant lime trees."
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        assert page.evaluate(focused) == "But lime trees drip on cars."
        assert "rebuts" in details(page)
        page.keyboard.press("ArrowLeft")
        assert page.evaluate(focused) == "We should plant lime trees."
        page.keyboard.press("ArrowRight")
        assert page.evaluate(focused) == "True, they do."
        page.keyboard.press("Enter")
        assert "Choose a claim" in details(page)
        page.keyboard.press("Enter")
        page.keyboard.press("g")
        page.keyboard.press("End")
        assert page.evaluate("document.activeElement.id") == "graph"
        assert "No, only in June." in details(page)  # what is folded is passed over
        page.keyboard.press("Escape")
        assert "Choose a claim" in details(page)
        page.keyboard.press("?")
        assert page.get_by_role("dialog", name="Keys").is_visible()
        page.keyboard.press("Escape")
        assert not page.get_by_role("dialog", name="Keys").is_visible()


def test_tab_goes_through_the_page_and_is_seen(opened):
    with opened(small_graph()) as page:
        seen = []
        for _ in range(40):
            page.keyboard.press("Tab")
            here = page.evaluate(
                "(() => { const it = document.activeElement; const style = getComputedStyle(it);"
                "return [it.id || it.className || it.name || it.value, style.outlineStyle]; })()"
            )
            if here[0] == "skip" and seen:
                break
            if here[0]:
                seen.append(here[0])
                assert here[1] != "none", here
        places = [seen.index(name) for name in ("theme", "confidence", "search", "claim", "graph", "details-body")]
        assert places == sorted(places)
        assert seen.count("claim") == 1


@pytest.mark.parametrize(
    ("hash_", "words"), [("#p1:2", "lime trees drip"), ("#p4:1", "Please do not post"), ("#p1%232", "lime trees drip")]
)
def test_an_address_of_a_claim_works_on_load(opened, hash_, words):
    with opened(small_graph(), hash_=hash_) as page:
        assert words in details(page)
        assert claim(page, words).is_visible()  # unfolded, if it was folded
        assert claim(page, words).get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("hash_", ["#", "#nothing", "#p1:99", "#%E0%A4", "#p3", "#:", "#constructor:1"])
def test_an_address_of_nothing_harms_nothing(opened, hash_):
    with opened(small_graph(), hash_=hash_) as page:
        assert "Choose a claim" in details(page)


def test_a_changed_address_is_followed(opened):
    with opened(small_graph()) as page:
        page.evaluate("location.hash = '#p2:1'")
        page.wait_for_function("document.getElementById('details-body').innerText.includes('only in June')")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_only_shown(opened, text):
    graph = graph_of(
        (text, None, f"{text} said", [(text, "")]),
        (text, "p0", f"> {text}\n\n{text} again", [(f"{text} again", "rebuttal")]),
        title=text,
        thread_id=text,
        url="javascript:document.title='taken'",
    )
    graph.edges["p1#1", "p0#1"]["cue"] = text
    with opened(graph) as page:
        claim(page, " again").first.click()
        page.locator("#details-body .other").first.click()
        page.hover("#title")
        assert page.title() != "taken"
        assert page.locator("#posts img, #posts b, #posts script, #details img, #title img, #title a").count() == 0
        assert page.locator("script").count() == 4
        if text[0] == "\u202e":  # what follows is not turned round
            turned = "(it) => getComputedStyle(it).unicodeBidi"
            assert page.locator(".post h3 bdi").first.evaluate(turned) == "isolate"
            assert page.locator(".claim").first.evaluate(turned) == "isolate"
        elif text.isprintable():
            assert page.inner_text("#text-0").startswith(text.replace("  ", " "))


def test_odd_identifiers_have_addresses(opened):
    graph = graph_of(("Ann", None, "Tea is good.", [("Tea is good.", "")]))
    names = {"p0": "<a:b#1 %é>", "p0#1": "<a:b#1 %é>#1"}
    graph.nodes["p0#1"]["post"] = names["p0"]
    with opened(nx.relabel_nodes(graph, names)) as page:
        claim(page, "Tea").click()
        address = page.url
        page.goto("about:blank")
        page.goto(address)
        assert "Tea is good." in details(page)
        assert claim(page, "Tea").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize(("width", "height", "dark"), [(1440, 900, False), (1440, 900, True), (390, 844, False)])
def test_nothing_serious_is_found_by_axe(opened, width, height, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    graph = argmine.mine(argmine.read_thread(ROOT / "examples" / "threads" / "reddit.json"), argmine.load("en_rules"))
    with opened(graph, width=width, height=height, dark=dark) as page:
        tests = ["chosen", "keys"] + (["side"] if width < 800 else [])
        for state in ["plain", *tests]:
            if state == "chosen":
                page.locator(".claim:visible").nth(7).click()
            if state == "side":
                page.click("#tab-side")
            if state == "keys":
                page.keyboard.press("?")
            found = page_problems(axe, page)
            assert not found, (state, found)
            page.keyboard.press("Escape")


def page_problems(axe, page):
    # the policy of the page forbids to add scripts; the debugger may
    page.evaluate(axe.Axe().axe_script)
    report = page.evaluate("axe.run()")
    return [
        (each["id"], each["impact"], json.dumps(each["nodes"][0]["html"])[:300], each["nodes"][0]["failureSummary"])
        for each in report["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


def test_on_a_phone_the_graph_is_behind_a_tab(opened):
    with opened(small_graph(), width=390, height=844) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not page.locator("#graph").is_visible()
        claim(page, "lime trees drip").click()
        assert page.locator("#details").is_visible()
        assert "rebuts" in details(page)
        page.click("#tab-side")
        assert page.locator("#graph").is_visible()
        assert not page.locator("#posts").is_visible()
        assert TREES in drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.click("#filters-button")
        assert page.locator("#search").is_visible()
        page.focus("#tab-side")
        page.keyboard.press("ArrowLeft")
        assert page.locator("#posts").is_visible()


def test_light_and_dark(opened):
    paper = "getComputedStyle(document.querySelector('.post')).backgroundColor"
    with opened(small_graph()) as page:
        light = page.evaluate(paper)
        page.keyboard.press("t")
        assert page.evaluate(paper) != light
        assert page.get_attribute("#theme", "aria-pressed") == "true"
        page.click("#theme")
        assert page.evaluate(paper) == light
    with opened(small_graph(), dark=True) as page:
        assert page.evaluate(paper) != light


def test_on_paper_the_links_are_told_in_words(opened):
    with opened(small_graph(), dark=True) as page:
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert "“But lime trees drip on cars.” rebuts 0.83 Ann" in page.inner_text(".post:nth-child(2) .printed")
        assert not page.locator("#filters").is_visible()
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(28, 33, 40)"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(".printed").count() == 0
        assert page.pdf().startswith(b"%PDF")


def crowd(posts):
    """Make a thread in which every post has two claims and answers one of the ten before it."""
    words = ("Trams are quiet.", "Buses are cheap.")
    text = " ".join(words)
    made = [("Ann", None, text, [(each, "") for each in words])]
    for number in range(1, posts):
        claims = [(words[0], "agreement"), (words[1], "rebuttal")]
        made.append((f"user {number % 40}", f"p{number - 1 - number % 10 if number > 10 else 0}", text, claims))
    return graph_of(*made, title="A crowd")


def test_two_thousand_claims_stay_usable(opened):
    with opened(crowd(1000)) as page:
        assert page.inner_text("#headline").startswith("1,000 posts, 2,000 claims")
        assert 1 < len(drawn(page)) <= 120
        assert "those around the claim that is answered most" in page.inner_text("#graph-note")
        page.keyboard.press("c")
        page.keyboard.press("End")
        assert "around the chosen claim" in page.inner_text("#graph-note")
        page.fill("#search", "cheap")
        page.fill("#search", "")
        assert page.locator(".top").bounding_box()["y"] == 0  # its parts scroll, the page itself does not
        assert page.url.endswith("#p10:2")  # the last in reading order
        assert "p10#2" in drawn(page)
        assert len(drawn(page)) <= 120


def test_twenty_thousand_claims_become_a_summary_that_says_so(opened):
    with opened(crowd(10_000)) as page:
        assert page.inner_text("#headline").startswith("10,000 posts, 20,000 claims")
        notice = page.inner_text("#notice")
        assert notice.startswith("Summary: this thread is too large for one page.")
        assert 0 < page.locator(".post").count() < 1000
        assert len(page.content()) < 3_000_000


def test_threads_of_nothing(opened):
    with opened(graph_of()) as page:
        assert "There are no posts" in page.inner_text("#posts")
    with opened(graph_of(("Ann", None, "", []))) as page:
        assert "(empty)" in page.inner_text("#posts")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("c")


def test_in_the_frame_of_a_notebook(opened):
    shown = argmine.show(small_graph())
    with opened(small_graph()) as page:
        page.goto("about:blank")  # the policy of the page would forbid the frame
        page.set_content(f"<!doctype html><title>notebook</title>{shown._repr_html_()}")
        frame = page.frame_locator("iframe")
        frame.locator(".claim", has_text="lime trees drip").click()
        assert "rebuts, 0.83" in " ".join(frame.locator("#details-body").inner_text().split())


def test_the_pictures_of_the_docs(opened, request):
    if not request.config.getoption("--screenshots"):
        pytest.skip("pictures are taken when --screenshots asks for it")
    graph = argmine.mine(argmine.read_thread(ROOT / "examples" / "threads" / "blog.txt"), argmine.load())
    for name, options in {
        "page-wide": {"width": 1360, "height": 860},
        "page-dark": {"width": 1360, "height": 860, "dark": True},
        "page-phone": {"width": 390, "height": 844},
    }.items():
        with opened(graph, hash_="#1.2:2" if name == "page-phone" else "#1:2", **options) as page:
            page.wait_for_timeout(500)
            page.screenshot(path=PICTURES / f"{name}.png")
