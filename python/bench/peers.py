#!/usr/bin/env python3
"""shogo beside others, on the same files and in the same run.

    python python/bench/peers.py check            # FNMR at FMR and EER: numpy, and pyeer and bob.measure where installed
    python python/bench/peers.py speed [SCORES]   # the same job's processor time; default 10 000 000, a tenth genuine

Needs the package (pip install ./python). Each peer wants versions of its own, so give it an environment of its own and
run this in each: `pip install pyeer scikit-learn`, or `pip install bob.measure`. Scores are normal, synthetic. check exits with 1
when numbers differ by more than the two rules at the threshold explain.
"""
import pathlib
import statistics
import sys
import tempfile
import time

import numpy as np

import shogo

TARGETS = (0.01, 0.001, 0.0001)


def with_numpy(genuine, impostor, target):
    """The definition: the lowest threshold at which at most that share of the impostors reaches it."""
    descending = np.sort(impostor)[::-1]
    threshold = np.nextafter(descending[int(np.floor(target * impostor.size))], np.float32(np.inf))
    return float(threshold), float(np.mean(impostor >= threshold)), float(np.mean(genuine < threshold))


def with_pyeer(genuine, impostor):
    from pyeer.eer_info import get_eer_stats
    found = get_eer_stats(genuine.tolist(), impostor.tolist())
    rates = {0.01: (found.fmr100_th, found.fmr100), 0.001: (found.fmr1000_th, found.fmr1000)}  # the two it has
    return found.eer, {target: (float(at), float(np.mean(impostor >= at)), float(fnmr)) for target, (at, fnmr) in rates.items()}


def with_bob(genuine, impostor):
    import bob.measure
    g, i = genuine.astype(float), impostor.astype(float)
    rates = {}
    for target in TARGETS:
        at = bob.measure.far_threshold(i, g, target)
        far, frr = bob.measure.farfrr(i, g, at)
        rates[target] = (float(at), float(far), float(frr))
    return bob.measure.eer(i, g), rates


def importable(module):
    try:
        __import__(module)
        return True
    except ImportError:
        print(f"{module}: not installed here")
        return False


def peers():
    """Installed peers by name: function of (genuine, impostor) to (EER, {target: (threshold, FMR, FNMR)})."""
    return {name: function for name, function in (("pyeer", with_pyeer), ("bob.measure", with_bob)) if importable(name)}


def check():
    rng = np.random.default_rng(11)
    with tempfile.TemporaryDirectory() as folder:
        # One pair of files for all: a score a line, pyeer's way.
        files = [pathlib.Path(folder) / "genuine.txt", pathlib.Path(folder) / "impostor.txt"]
        for path, scores in zip(files, (rng.normal(3, 1, 20000), rng.normal(0, 1, 180000))):
            np.savetxt(path, scores.astype(np.float32), fmt="%.9g")
        ours = shogo.read_scores(files[0], impostor=files[1])
        genuine, impostor = (np.loadtxt(path, dtype=np.float32) for path in files)
    wrong = 0
    others = {name: function(genuine, impostor) for name, function in peers().items()}
    print("| FMR at most | who | threshold | FMR | FNMR |\n|---|---|---|---|---|")
    for target in TARGETS:
        point = shogo.fnmr_at_fmr(ours.genuine, ours.impostor, target)
        mine = (point.threshold, point.fmr, point.fnmr)
        rows = {"shogo": mine, "numpy": with_numpy(genuine, impostor, target)}
        rows.update({name: rates[target] for name, (_, rates) in others.items() if target in rates})
        for name, (threshold, fmr, fnmr) in rows.items():
            print(f"| {target:.2%} | {name} | {threshold:.7f} | {fmr:.5%} | {fnmr:.3%} |")
            # Another rule may put the threshold elsewhere between the same two impostor scores, or let one more match.
            between = np.mean((genuine >= min(mine[0], threshold)) & (genuine < max(mine[0], threshold)))
            wrong += abs(fmr - mine[1]) * impostor.size > 1.5 or abs(fnmr - mine[2]) > between + 1e-12
            wrong += name == "numpy" and rows[name] != mine
    eer, _ = shogo.equal_error(ours.genuine, ours.impostor)
    print(f"EER: shogo {eer:.6%}", *(f", {name} {value:.6%}" for name, (value, _) in others.items()), sep="")
    wrong += any(abs(value - eer) > 1 / genuine.size for value, _ in others.values())
    print("all agree" if not wrong else f"{wrong} numbers disagree")
    return 1 if wrong else 0


def full_det_with_numpy(genuine, impostor):
    """Both error counts at every distinct score."""
    thresholds = np.unique(np.concatenate([genuine, impostor]))
    misses = np.searchsorted(np.sort(genuine), thresholds)
    matches = impostor.size - np.searchsorted(np.sort(impostor), thresholds)
    return thresholds, misses, matches


def seconds(work):
    before = time.process_time()
    work()
    return time.process_time() - before


def speed(count):
    rng = np.random.default_rng(5)
    genuine = rng.standard_normal(count // 10, dtype=np.float32)
    genuine += np.float32(3)
    impostor = rng.standard_normal(count - count // 10, dtype=np.float32)
    doubles = genuine.astype(np.float64), impostor.astype(np.float64)
    jobs = [("FNMR at FMR 0.01 %, numpy partition",
             lambda: np.mean(genuine < np.partition(impostor, impostor.size - 1 - int(1e-4 * impostor.size))
                             [impostor.size - 1 - int(1e-4 * impostor.size)]),
             lambda: shogo.fnmr_at_fmr(genuine, impostor, 1e-4)),
            ("full exact DET, numpy sort and searchsorted", lambda: full_det_with_numpy(genuine, impostor),
             lambda: shogo.equal_error(genuine, impostor)),
            ("the same of float64, numpy's own type", lambda: full_det_with_numpy(*doubles),
             lambda: shogo.equal_error(*doubles))]
    for name, function in peers().items():
        if count <= 10_000_000:
            jobs.append((f"EER and operating points, {name}", lambda function=function: function(genuine, impostor),
                         lambda: (shogo.equal_error(genuine, impostor), [shogo.fnmr_at_fmr(genuine, impostor, t) for t in TARGETS])))
    if count <= 10_000_000 and importable("sklearn"):
        from sklearn.metrics import det_curve
        labels = np.concatenate([np.ones(genuine.size, np.int8), np.zeros(impostor.size, np.int8)])
        both = np.concatenate([genuine, impostor])
        jobs.append(("full exact DET, scikit-learn det_curve", lambda: det_curve(labels, both),
                     lambda: shogo.equal_error(genuine, impostor)))
    print(f"{count} scores, numpy {np.__version__}, processor time of one thread, medians of three in turn")
    print("| job | peer | shogo | times faster |\n|---|---|---|---|")
    for name, theirs, mine in jobs:
        runs = [(seconds(theirs), seconds(mine)) for _ in range(3)]
        print(f"| {name} | {statistics.median(a for a, _ in runs):.3f} s | {statistics.median(b for _, b in runs):.3f} s | "
              f"{statistics.median(a / b for a, b in runs):.1f} |", flush=True)
    return 0


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["check"] and len(words) == 1:
        sys.exit(check())
    if words[:1] == ["speed"] and len(words) <= 2:
        sys.exit(speed(int(words[1]) if len(words) == 2 else 10_000_000))
    print(__doc__, file=sys.stderr)
    sys.exit(2)
