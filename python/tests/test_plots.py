import pytest
import synthetic

import shogo

pytest.importorskip("matplotlib")
from shogo import plots  # noqa: E402


def test_plots_are_written_as_pictures(tmp_path):
    data = synthetic.scores()
    data["genuine"][data["genuine_subject"] == 7] = -1
    scores = shogo.ScoreSet(**data)
    report = shogo.judge(scores, fmr="0.1%", fnmr="5%")
    curve = shogo.det(scores.genuine, scores.impostor)
    for name, ax in (("det", plots.det({"synthetic": curve}, report=report)), ("one", plots.det(curve)),
                     ("histogram", plots.histogram(scores, threshold=report.threshold)),
                     ("zoo", plots.zoo(scores, report.threshold))):
        ax.figure.savefig(tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert ax.get_xlabel() and ax.get_ylabel()


def test_a_det_shows_limits_and_bounds():
    data = synthetic.scores()
    scores = shogo.ScoreSet(**data)
    report = shogo.judge(scores, fmr="0.1%", fnmr="5%")
    ax = plots.det(shogo.det(scores.genuine, scores.impostor), report=report)
    dashed = [line for line in ax.get_lines() if line.get_linestyle() == "--"]
    assert [float(dashed[0].get_xdata()[0]), float(dashed[1].get_ydata()[0])] == [0.001, 0.05]
    assert [text.get_text() for text in ax.get_legend().get_texts()].count("limits") == 1


def test_the_zoo_needs_people():
    with pytest.raises(shogo.Error, match="who was compared"):
        plots.zoo(shogo.ScoreSet([1.0], [0.0]), 0.5)
