"""Collecting a cell's outputs from messages that may be anything: sizes bounded, the result always valid."""

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook

from grader.sandbox.protocol.jupyter_messages import Received
from grader.sandbox.run.outputs import MAX_OUTPUTS, CellOutputs


def message(kind, content):
    header = json.dumps({"msg_type": kind, "msg_id": "1"}).encode()
    return Received([b"<IDS|MSG>", b"", header, b"{}", b"{}", json.dumps(content).encode()])


def collect(*messages, limit=1000):
    outputs = CellOutputs(limit, "1 kB")
    for kind, content in messages:
        outputs.add(message(kind, content))
    return outputs.finish()


def stream(text, name="stdout"):
    return "stream", {"name": name, "text": text}


def test_streams_are_joined_by_name():
    """Pieces of one stream become one output as long as no other comes between."""
    found = collect(stream("a"), stream("b"), stream("c", "stderr"), stream("d"))
    assert [(output.name, output.text) for output in found] == [("stdout", "ab"), ("stderr", "c"), ("stdout", "d")]


def test_output_is_cut_at_the_limit_and_says_so():
    """What fits is kept, the rest is replaced by one line."""
    found = collect(stream("x" * 900), stream("y" * 900), stream("z"), limit=1000)
    assert found[0].text.startswith("x" * 900 + "y" * 100 + "\n[the rest of the output is not shown") or (
        found[0].text == "x" * 900 + "y" * 100 and "not shown" in found[1].text
    )
    assert "z" not in found[0].text


def test_an_error_is_kept_after_too_much_output():
    """The traceback at the end of a flood is what a student needs."""
    found = collect(stream("x" * 5000), ("error", {"ename": "E", "evalue": "v", "traceback": ["line"]}))
    assert [output.output_type for output in found][:2] == ["stream", "error"]


def test_a_large_picture_is_left_out_and_a_small_one_kept():
    """Each bundle is taken whole or not at all."""
    large, small = {"data": {"image/png": "x" * 2000}}, {"data": {"image/png": "x" * 20}}
    found = collect(("display_data", large), ("display_data", small))
    assert [output.data["image/png"] for output in found if "data" in output] == ["x" * 20]


def test_clearing_gives_room_again():
    """A live figure that is replaced a hundred times counts once."""
    frame = ("display_data", {"data": {"image/png": "x" * 600}})
    found = collect(*[frame, ("clear_output", {"wait": True})] * 100, frame)
    assert len(found) == 1 and found[0].data["image/png"] == "x" * 600


def test_updates_replace_and_do_not_add_up():
    """update_display_data changes the display it names, within the limit."""
    shown = {"data": {"text/plain": "x" * 600}, "transient": {"display_id": "d"}}
    update = {"data": {"text/plain": "y" * 600}, "transient": {"display_id": "d"}}
    found = collect(("display_data", shown), *[("update_display_data", update)] * 10)
    assert [dict(output) for output in found] == [
        {"output_type": "display_data", "data": {"text/plain": "y" * 600}, "metadata": {}}
    ]


def test_what_a_picture_says_in_words_is_kept():
    """Within a bound, and nothing else of the metadata, whatever it is."""
    picture = {"image/png": "x"}
    said = [{"image/png": {"alt": "a curve", "width": 9}}, {"image/png": {"alt": "x" * 5000}}, {"image/png": [1]}, 5]
    found = collect(*[("display_data", {"data": picture, "metadata": metadata}) for metadata in said])
    assert [output.metadata.get("image/png", {}).get("alt", "") for output in found] == ["a curve", "x" * 1000, "", ""]
    assert "width" not in found[0].metadata["image/png"]


def test_the_number_of_outputs_is_bounded():
    """A thousand empty displays do not make a thousand outputs."""
    found = collect(*[("display_data", {"data": {"text/plain": ""}})] * 2000, limit=10**6)
    assert len(found) <= MAX_OUTPUTS + 1


def test_empty_text_takes_no_output():
    """Nothing printed is nothing shown."""
    assert collect(stream("")) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["name", "text", "data", "metadata", "transient", "execution_count", "ename", "evalue",
                         "traceback", "wait"])  # fmt: skip
VALUES = JSON | st.fixed_dictionaries({"text/plain": JSON, "display_id": JSON}) | st.just("\ud800")
KINDS = st.sampled_from(["stream", "display_data", "execute_result", "update_display_data", "error", "clear_output"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(KINDS, st.dictionaries(NAMES, VALUES, max_size=5) | JSON), max_size=6))
def test_any_messages_give_a_valid_notebook(messages):
    """Whatever the content, the outputs are valid nbformat and can be written as UTF-8."""
    nb = new_notebook(cells=[new_code_cell("1", id="a", outputs=collect(*messages))])
    nbformat.validate(nb)
    assert nbformat.writes(nb).encode("utf-8")


@pytest.mark.parametrize("kind", ["stream", "display_data", "error", "clear_output", "status", "comm_msg", ""])
def test_content_that_was_too_large_is_only_noted(kind):
    """A message whose content was thrown away on the way marks the output as cut, at most."""
    header = json.dumps({"msg_type": kind}).encode()
    outputs = CellOutputs(1000, "1 kB")
    outputs.add(Received([b"<IDS|MSG>", b"", header, b"{}", b"{}", None]))
    assert len(outputs.finish()) <= 1
