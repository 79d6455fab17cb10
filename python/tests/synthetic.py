"""Made-up scores and templates: no person anywhere."""
import numpy as np


def scores(seed=1, genuine=4000, impostor=60000, people=400):
    """Normal scores of made-up people who bring a part of the variance; (ScoreSet arguments)."""
    rng = np.random.default_rng(seed)
    bias = rng.normal(0, 0.3, people)
    own = rng.integers(0, people, genuine, dtype=np.uint32)
    claimed = rng.integers(0, people, impostor, dtype=np.uint32)
    probe = (claimed + rng.integers(1, people, impostor)) % people
    return {
        "genuine": (4 + bias[own] + rng.normal(0, 0.7, genuine)).astype(np.float32),
        "impostor": (bias[claimed] + bias[probe] + rng.normal(0, 0.9, impostor)).astype(np.float32),
        "genuine_subject": own, "impostor_claimed": claimed, "impostor_probe": probe.astype(np.uint32),
    }


def templates(seed=1, people=150, each=2, dimension=64):
    rng = np.random.default_rng(seed)
    centre = rng.normal(size=(people, 1, dimension))
    values = centre + 0.7 * rng.normal(size=(people, each, dimension))
    return values.reshape(-1, dimension).astype(np.float32), np.repeat(np.arange(people, dtype=np.uint32), each)
