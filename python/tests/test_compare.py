import threading

import numpy as np
import pytest
import synthetic

import shogo


def test_comparing_all_pairs_equals_numpy_on_the_whole_matrix():
    values, subject = synthetic.templates()
    result = shogo.cross_compare(values, subject, 0.001)
    double = values.astype(np.float64)
    double /= np.linalg.norm(double, axis=1, keepdims=True)
    i, j = np.triu_indices(len(values), 1)
    cosines = np.einsum("ij,ij->i", double[i], double[j]).astype(np.float32)
    same = subject[i] == subject[j]
    point = shogo.fnmr_at_fmr(cosines[same], cosines[~same], 0.001)
    assert (result.point.impostor, result.point.genuine) == (point.impostor, point.genuine)
    assert result.point.threshold == pytest.approx(point.threshold, abs=1e-6)
    assert len(result.false_matches) == result.point.false_matches == point.false_matches
    assert np.allclose(result.genuine, cosines[same], atol=1e-6)


def test_every_kernel_gives_the_same_bits():
    values, subject = synthetic.templates(people=200)
    results = [shogo.cross_compare(values, subject, 1e-3, kernel=kernel) for kernel in shogo.pair_kernels()]
    for other in results[1:]:
        assert other.point == results[0].point and np.array_equal(other.genuine, results[0].genuine)


def test_templates_that_cannot_be_compared_are_refused():
    values, subject = synthetic.templates(people=3)
    for bad, who, says in ((values[0], subject, "a matrix"), (values * 0, subject, "length zero"),
                           (values, subject[:-1], "are not"), (values, subject * 0, "two subjects")):
        with pytest.raises(shogo.Error, match=says):
            shogo.cross_compare(bad, who)


def test_other_threads_run_while_pairs_are_compared():
    values, subject = synthetic.templates(people=2500, dimension=128)
    done, seen = threading.Event(), []

    def count():
        while not done.is_set():
            seen.append(None)

    thread = threading.Thread(target=count)
    thread.start()
    before = len(seen)
    shogo.cross_compare(values, subject)
    after = len(seen)
    done.set()
    thread.join()
    assert after > before
