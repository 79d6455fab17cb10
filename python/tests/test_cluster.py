"""On a local cluster of two worker processes: the same bits as on one machine."""
import numpy as np
import pytest
import synthetic

import shogo

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    from distributed import Client, LocalCluster

    folder = str(tmp_path_factory.mktemp("dask"))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=folder) as cluster:
        with Client(cluster) as made:
            yield made


def parts(data, count):
    return list(zip(np.array_split(data["genuine"], count), np.array_split(data["impostor"], count)))


@pytest.mark.parametrize("fmr", [0.0, 1e-4, 0.02, 1.0])
def test_partitioned_scores_give_the_bits_of_the_whole(client, tmp_path, fmr):
    from shogo import cluster

    data = synthetic.scores()
    data["impostor"][::7] = data["impostor"][::7].round(1)  # ties across partitions
    data["impostor"][:5] = [0.0, -0.0, 1e-42, -1e-42, 0.0]
    split = parts(data, 5)
    shogo.write_scores(tmp_path / "part.scores", shogo.ScoreSet(*split[0]))
    split[0] = str(tmp_path / "part.scores")  # what a worker can read, it need not be sent
    whole = shogo.fnmr_at_fmr(data["genuine"], data["impostor"], fmr)
    assert cluster.fnmr_at_fmr(client, split, fmr) == whole
    split.append((np.empty(0, np.float32), np.empty(0, np.float32)))
    curve, expected = cluster.det(client, split), shogo.det(data["genuine"], data["impostor"])
    assert np.array_equal(curve.threshold, expected.threshold)
    assert np.array_equal(curve.false_matches, expected.false_matches)


def test_blocks_of_templates_give_the_bits_of_the_whole(client):
    from shogo import cluster

    values, subject = synthetic.templates(people=400, each=3)
    order = np.random.default_rng(2).permutation(len(values))  # one person's templates in several blocks
    values, subject = values[order], subject[order]
    whole = shogo.cross_compare(values, subject, 1e-3)
    spread = cluster.cross_compare(client, np.array_split(values, 4), np.array_split(subject, 4), 1e-3)
    assert spread.point == whole.point
    assert np.array_equal(spread.genuine, whole.genuine)
    assert np.array_equal(spread.false_matches, whole.false_matches)


def test_errors_of_a_worker_arrive_as_they_are(client):
    from shogo import cluster

    with pytest.raises(shogo.Error, match="not a number"):
        cluster.det(client, [(np.ones(2), np.array([0.0, np.nan]))])
    with pytest.raises(shogo.Error, match="no impostor scores in any"):
        cluster.det(client, [(np.ones(2), np.empty(0))])
