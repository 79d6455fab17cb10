import numpy as np
import pytest
import synthetic

import shogo


def slow_point(genuine, impostor, fmr):
    """The lowest float above an impostor score at which at most fmr of the impostors match."""
    for score in np.unique(np.concatenate([impostor, [-np.inf]])):
        threshold = np.nextafter(np.float32(score), np.float32(np.inf))
        matches = np.count_nonzero(impostor >= threshold)
        if matches / impostor.size <= fmr:
            return threshold, np.count_nonzero(genuine < threshold), matches
    raise AssertionError


@pytest.mark.parametrize("fmr", [0.0, 1e-4, 0.01, 0.3])
def test_fnmr_at_fmr_is_that_of_trying_every_threshold(fmr):
    rng = np.random.default_rng(3)
    genuine = rng.normal(2, 1, 500).round(2).astype(np.float32)
    impostor = rng.normal(0, 1, 3000).round(2).astype(np.float32)  # many ties
    point = shogo.fnmr_at_fmr(genuine, impostor, fmr)
    threshold, refused, matches = slow_point(genuine, impostor, fmr)
    assert (point.threshold, point.false_non_matches, point.false_matches) == (threshold, refused, matches)
    assert point.fmr <= fmr
    assert shogo.at_threshold(genuine, impostor, point.threshold) == point


def test_a_det_has_exact_counts_at_its_thresholds():
    data = synthetic.scores(genuine=800, impostor=5000)
    for exact in (False, True):
        curve = shogo.det(data["genuine"], data["impostor"], exact=exact)
        assert np.all(np.diff(curve.threshold) > 0)
        for i in range(0, curve.threshold.size, 97):
            assert curve.false_matches[i] == np.count_nonzero(data["impostor"] >= curve.threshold[i])
            assert curve.false_non_matches[i] == np.count_nonzero(data["genuine"] < curve.threshold[i])
    assert curve.fmr[0] == 1 and curve.fnmr[-1] == 1
    rate, point = shogo.equal_error(data["genuine"], data["impostor"])
    assert rate == (point.fmr + point.fnmr) / 2
    assert abs(point.fmr - point.fnmr) == pytest.approx(np.min(np.abs(curve.fmr - curve.fnmr)))


def test_float32_arrays_are_used_in_place_and_others_converted():
    data = synthetic.scores()
    scores = shogo.ScoreSet(**data)
    for name, array in data.items():
        assert np.shares_memory(getattr(scores, name), array)
        assert not getattr(scores, name).flags.writeable
    doubles = shogo.fnmr_at_fmr(data["genuine"].astype(np.float64), list(map(float, data["impostor"])), 0.01)
    assert doubles == shogo.fnmr_at_fmr(data["genuine"], data["impostor"], 0.01)


def test_views_outlive_their_set():
    genuine = shogo.ScoreSet(np.ones(3), np.zeros(4)).genuine
    assert genuine.tolist() == [1, 1, 1]


@pytest.mark.parametrize("ending", ["scores", "npz", "csv", "bob4", "h5"])
def test_scores_come_back_from_every_format_that_is_written(tmp_path, ending):
    if ending == "h5":
        pytest.importorskip("h5py")
    data = synthetic.scores(genuine=50, impostor=300, people=20)
    shogo.write_scores(tmp_path / f"x.{ending}", shogo.ScoreSet(**data))
    again = shogo.read_scores(tmp_path / f"x.{ending}")
    assert np.array_equal(again.genuine, data["genuine"])
    assert np.array_equal(again.impostor, data["impostor"])
    assert again.subjects == (0 if ending == "csv" else 20)


@pytest.mark.parametrize("genuine, impostor, says", [
    ([1, np.nan], [0], "genuine score 1 is not a number"),
    ([1], [0, np.inf], "impostor score 1 is infinite"),
    ([], [0], "no genuine scores"),
    ([1], [], "no impostor scores"),
    ([[1, 2]], [0], "a vector of scores was expected"),
])
def test_what_is_no_score_is_refused(genuine, impostor, says):
    with pytest.raises(shogo.Error, match=says):
        shogo.fnmr_at_fmr(genuine, impostor, 0.1)


def test_files_that_are_none_are_refused_with_their_kind(tmp_path):
    (tmp_path / "cut.npz").write_bytes(b"PK\3\4rubbish")
    with pytest.raises(shogo.Error, match="cut.npz"):
        shogo.read_scores(tmp_path / "cut.npz")
    with pytest.raises(FileNotFoundError):
        shogo.read_scores(tmp_path / "none")
    with pytest.raises(shogo.Error, match="not known"):
        shogo.write_scores(tmp_path / "x.doc", shogo.ScoreSet([1.0], [0.0]))


def test_half_of_the_subjects_are_no_subjects():
    with pytest.raises(shogo.Error, match="or none of them"):
        shogo.ScoreSet([1.0], [0.0], genuine_subject=[0])
    with pytest.raises(shogo.Error, match="whole numbers"):
        shogo.ScoreSet([1.0], [0.0], genuine_subject=[-1], impostor_claimed=[0], impostor_probe=[1])


def test_a_report_says_where_the_threshold_came_from():
    scores = shogo.ScoreSet(**synthetic.scores())
    split = shogo.judge(scores, fmr="1%", fnmr="5%")
    assert split.threshold_mode == "split" and split.fmr.verdict == "proven_kept"
    assert split.fmr.upper <= 0.01 and split.fmr_second_half is not None
    swept = shogo.judge(scores, mode="swept", fmr="1%")
    assert swept.fmr.verdict == "shown" and "proves nothing" in swept.notes[-1]
    fixed = shogo.judge(scores, threshold=100.0)
    assert fixed.fnmr.point == 1 and fixed.fnmr.verdict == "proven_broken"
    unknown = shogo.judge(shogo.ScoreSet(scores.genuine, scores.impostor), threshold=3.0, fmr="10%")
    assert unknown.fmr.verdict == "shown"


def test_one_who_is_always_refused_is_a_goat():
    data = synthetic.scores()
    data["genuine"][data["genuine_subject"] == 7] = -1
    scores = shogo.ScoreSet(**data, names=[f"s{i}" for i in range(400)])
    goats = [one.subject for one in shogo.find_animals(scores, 2.0) if one.kind == "goat"]
    assert goats[0] == "s7"
    groups = shogo.judge_groups(scores, {f"s{i}": "ab"[i % 2] for i in range(400)}, 2.0, fmr="5%")
    assert [one["group"] for one in groups["groups"]] == ["a", "b"]
