"""Small stories made by hypothesis, and all their playthroughs by plain recursion."""

from __future__ import annotations

from hypothesis import strategies as st

from gamebook_lab.analysis.play_graph import play_graph

conditions = st.lists(
    st.tuples(st.sampled_from("xy"), st.sampled_from(["==", "!=", "<"]), st.integers(0, 2)), max_size=1
)
effects = st.lists(st.tuples(st.just("set"), st.sampled_from("xy"), st.integers(0, 2)), max_size=1)


@st.composite
def passages(draw, *, circles=False, n=5):
    """A story of a few passages that lead onwards, and with ``circles`` back."""
    found = {}
    for at in range(n):
        targets = st.integers(0, n) if circles else st.integers(at + 1, n)
        choice = st.fixed_dictionaries(
            {"to": targets.map("P{}".format), "if": conditions.map(list), "do": effects.map(list)}
        )
        found[f"P{at}"] = {"choices": draw(st.lists(choice, max_size=3))}
    found[f"P{n}"] = {}
    if draw(st.booleans()):
        found["P1"]["enter"] = [("roll", "x", 2)]
    return found


def all_walks(space):
    """Every complete playthrough of a graph without circles: pairs of a start and edges."""
    graph = play_graph(space)

    def on(node):
        if graph.ends[node]:
            yield []
        for edge in range(graph.indptr[node], graph.indptr[node + 1]):
            if graph.indices[edge] >= 0:
                for rest in on(graph.indices[edge]):
                    yield [edge, *rest]

    return [(start, way) for start in graph.starts.tolist() for way in on(start)]
