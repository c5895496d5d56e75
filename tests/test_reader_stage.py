"""The reader: what the network is given, what it leaves on the Doc, and what happens without its weights."""

import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from builders import thread_of

import argmine
from argmine.doc import CLAIMS, make_doc, readings
from argmine.errors import PipelineError

BRIDGE = "The city should close the old bridge to cars. It is too narrow and it has been unsafe for years."
REPLY = "I doubt that it is unsafe. The inspectors were there in May, and they found nothing."
NLP = argmine.load()


def read(*texts, nlp=NLP, **settings):
    """Return the readings of a chain of posts, and the Doc."""
    for name, value in settings.items():
        setattr(nlp.get_pipe("reader"), name, value)
    doc = nlp(make_doc(nlp, thread_of(*texts)))
    return readings(doc), doc


def test_every_reply_claim_and_pair_is_scored():
    assert not read(BRIDGE, REPLY)[0].links  # which the linker would not weigh
    found, doc = read(BRIDGE, REPLY, nlp=argmine.load(), links=True)
    posts = [span for span in doc.spans[CLAIMS] if span.start_char < len(BRIDGE)]
    assert set(found.posts) == {1}  # the opening post answers nothing
    assert set(found.claims) == set(range(len(doc.spans[CLAIMS])))
    replies = range(len(posts), len(doc.spans[CLAIMS]))
    assert set(found.links) == {(mine, other) for mine in replies for other in range(len(posts))}
    for claim in replies:  # against the mean over the answered post
        assert sum(found.links[claim, other] for other in range(len(posts))) == pytest.approx(0, abs=1e-4)


def test_the_words_that_explain_a_score_are_words_of_the_text():
    found, doc = read(BRIDGE, REPLY)
    said = [(REPLY, found.posts[1])]
    said += [(doc.spans[CLAIMS][place].text, reading) for place, reading in found.claims.items()]
    for text, reading in said:
        for words in reading.words:
            assert all(word in text for word in words.split(", ")), words
    assert any(found.posts[1].words)


def test_explanations_can_be_left_out():
    with_words, _ = read(BRIDGE, REPLY)
    without, _ = read(BRIDGE, REPLY, nlp=argmine.load(), explain=False)
    assert without.posts[1].scores == with_words.posts[1].scores
    assert set(without.posts[1].words) == {""}


def test_threads_change_nothing():
    one, _ = read(BRIDGE, REPLY, REPLY, nlp=argmine.load(), threads=1)
    two, _ = read(BRIDGE, REPLY, REPLY, nlp=argmine.load(), threads=2)
    assert one == two


@pytest.mark.parametrize("around", ["{}\n\nCheers, Tom", "{}\n\nKind regards,\nHanna", "> The city should close\n\n{}"])
def test_quotations_and_sign_offs_are_not_read(around):
    plain, _ = read(BRIDGE, REPLY)
    dressed, _ = read(BRIDGE, around.format(REPLY))
    assert dressed.posts[1].scores == pytest.approx(plain.posts[1].scores, abs=1e-5)


@pytest.mark.parametrize(
    "below", ["\n\nWhy not?", "\n\nExactly what the inspectors told us in May.", " Cheers, Tom", "\n\nTotal rubbish."]
)
def test_what_may_say_something_is_read(below):
    plain, _ = read(BRIDGE, REPLY)
    more, _ = read(BRIDGE, REPLY + below)
    assert more.posts[1].scores != pytest.approx(plain.posts[1].scores, abs=1e-5)


@pytest.mark.timeout(20)
def test_a_last_line_that_is_almost_a_name_takes_no_longer():
    read(BRIDGE, REPLY + "\n\n" + "Ab" * 5000 + "1!")


def test_a_long_quotation_takes_nothing_away_from_what_is_read():
    plain, _ = read(BRIDGE, REPLY)
    quoting, _ = read(BRIDGE, "> The city should close the old bridge to cars.\n" * 400 + "\n" + REPLY)
    assert quoting.posts[1].scores == pytest.approx(plain.posts[1].scores, abs=1e-5)


def test_what_stands_far_down_in_the_answered_post_changes_nothing():
    """Its first 200 tokens are read, however long it is."""
    filler = "The arch has a crack. " * 60
    long, _ = read(BRIDGE + " " + filler, REPLY)
    longer, _ = read(BRIDGE + " " + filler + filler, REPLY)
    assert longer.posts[1].scores == pytest.approx(long.posts[1].scores, abs=1e-5)


def test_a_post_is_read_up_to_a_bound_and_no_further():
    found, doc = read(BRIDGE, " ".join(f"The bridge number {n} has a crack in its third arch." for n in range(300)))
    read_claims = [place for place in found.claims if doc.spans[CLAIMS][place].start_char > len(BRIDGE)]
    assert 10 < len(read_claims) < 290
    assert read_claims == list(range(read_claims[0], read_claims[-1] + 1))


def test_a_post_of_quotations_alone_has_no_reading():
    found, _ = read(BRIDGE, "> The city should close the old bridge to cars.")
    assert not found.posts


@pytest.mark.parametrize("lost", ["model.onnx", "heads.npz", "tokenizer.json"])
@pytest.mark.parametrize("how", ["missing", "cut"])
def test_damaged_weights_are_one_clear_error(tmp_path, lost, how):
    folder = tmp_path / "model"
    shutil.copytree(str(files("argmine.models") / "reply_reader"), folder)
    content = (folder / lost).read_bytes()
    (folder / lost).unlink()
    if how == "cut":
        (folder / lost).write_bytes(content[: len(content) // 2])
    nlp = argmine.load()
    nlp.replace_pipe("reader", "argmine_reader", config={"model": str(folder)})
    with pytest.raises(PipelineError, match=r"weights of .*model' are missing or damaged .*argmine train replies"):
        read(BRIDGE, REPLY, nlp=nlp)


def test_unknown_weights_are_one_clear_error():
    nlp = argmine.load()
    nlp.replace_pipe("reader", "argmine_reader", config={"model": "nothing of this name"})
    with pytest.raises(PipelineError, match=r"'nothing of this name' are missing.*en_rules"):
        read(BRIDGE, REPLY, nlp=nlp)


def test_a_folder_of_the_same_name_does_not_stand_in_for_what_ships(tmp_path, monkeypatch):
    (tmp_path / "reply_reader").mkdir()
    monkeypatch.chdir(tmp_path)
    assert read(BRIDGE, REPLY, nlp=argmine.load())[0].posts


def test_the_network_is_opened_when_it_is_needed_and_torch_never():
    code = """
import sys
import argmine
nlp = argmine.load()
assert "onnxruntime" not in sys.modules
graph = argmine.mine(argmine.Thread(posts=[argmine.Post(id="a", text="Tea is good for you.")]), nlp)
assert "onnxruntime" in sys.modules
"""
    blocked = "import sys\nsys.modules['torch'] = None  # any attempt to import it fails\n"
    done = subprocess.run([sys.executable, "-c", blocked + code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_model_of_ones_own_is_found_by_its_path(tmp_path):
    folder = Path(shutil.copytree(str(files("argmine.models") / "reply_reader"), tmp_path / "mine"))
    nlp = argmine.load()
    nlp.replace_pipe("reader", "argmine_reader", config={"model": str(folder)})
    nlp.to_disk(tmp_path / "pipeline")
    own, _ = read(BRIDGE, REPLY, nlp=argmine.load(str(tmp_path / "pipeline")))
    assert own == read(BRIDGE, REPLY)[0]
