#!/usr/bin/env python3
"""A tutorial: judging a face matcher with shogo, on made-up scores. Runs in seconds:

    pip install './python[plots]'
    python python/tutorial/tutorial.py out        # plots: out/det.png, out/histogram.png, out/zoo.png

Everything here is generated. Numbers about generated scores say nothing about any real matcher; bring your own with
shogo.read_scores("my-scores.csv").
"""
import pathlib
import sys

import numpy as np

import shogo
from shogo import plots


def heading(text):
    print(f"\n{text}\n{'-' * len(text)}")


def made_up_matcher(people, seed):
    """Scores of a matcher for everybody against everybody. Each person brings a part of the score: some are easily
    taken for others. Person 3 has shaved since."""
    rng = np.random.default_rng(seed)
    bias = rng.normal(0, 0.25, people)
    own = np.repeat(np.arange(people, dtype=np.uint32), 4)
    genuine = 7.0 + bias[own] + rng.normal(0, 0.8, own.size)
    genuine[own == 3] -= 4.5
    claimed, probe = np.triu_indices(people, 1)
    impostor = bias[claimed] + bias[probe] + rng.normal(0, 0.9, claimed.size)
    return shogo.ScoreSet(genuine.astype(np.float32), impostor.astype(np.float32), genuine_subject=own,
                          impostor_claimed=claimed.astype(np.uint32), impostor_probe=probe.astype(np.uint32))


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)

    heading("1. How many trials are needed?")
    plan = shogo.plan("<0.3%", true_rate=0.001)
    print(f"A matcher with FNMR 0.1 % proves \"< 0.3 %\" with probability {plan.power:.0%} in {plan.trials} independent "
          f"trials, of which {plan.errors_allowed} may fail.")
    print(f"Without any error {plan.trials_without_error} would do; but then it needs luck.")
    pairs = shogo.plan_pairs("0.01%", true_rate=1e-5)
    print(f"For FMR 0.01 %: {pairs.subjects} people, everybody against everybody: {pairs.pairs} comparisons, each "
          f"worth 1/{pairs.design_effect:.1f}, because every person is in many of them.")

    heading("2. One operating point")
    scores = made_up_matcher(people=1600, seed=1)
    print(scores)
    point = shogo.fnmr_at_fmr(scores.genuine, scores.impostor, 1e-4)
    print(f"FMR {point.fmr:.5%} (at most 0.01 %) at threshold {point.threshold:.4f}: FNMR {point.fnmr:.3%}")
    print("That is an estimate on the scores that set the threshold. It proves nothing.")

    heading("3. A verdict")
    report = shogo.judge(scores, fmr="0.01%", fnmr="0.3%")
    print(f"mode {report.threshold_mode}: threshold {report.threshold:.4f} from one half of the people, FNMR from the other")
    print(report.fmr)
    print(report.fnmr)
    if report.fnmr.more_without_error:
        print(f"To prove it: {report.fnmr.more_without_error} more trials without an error.")

    heading("4. Who makes the errors?")
    for animal in shogo.find_animals(scores, report.threshold)[:3]:
        print(f"person {animal.subject}: {animal.kind.replace('_', ' ')}, {animal.k} of {animal.n} comparisons")

    heading("5. Plots")
    curve = shogo.det(scores.genuine, scores.impostor)
    plots.det({"made-up matcher": curve}, report=report).figure.savefig(folder / "det.png", dpi=120)
    plots.histogram(scores, threshold=report.threshold).figure.savefig(folder / "histogram.png", dpi=120)
    plots.zoo(scores, report.threshold).figure.savefig(folder / "zoo.png", dpi=120)
    print(f"{folder}/det.png, histogram.png, zoo.png")

    heading("6. Templates instead of scores")
    rng = np.random.default_rng(2)
    subject = np.repeat(np.arange(1500), 2)
    centre = rng.normal(size=(1500, 256)).astype(np.float32)
    templates = centre[subject] + rng.normal(0, 1.1, (3000, 256)).astype(np.float32)
    result = shogo.cross_compare(templates, subject, fmr=1e-4)
    print(f"{result.point.impostor + result.point.genuine} exact comparisons ({result.kernel}), {result.rescored} of them "
          f"in full; FNMR {result.point.fnmr:.2%} at FMR 0.01 %, threshold {result.point.threshold:.4f}")

    heading("7. Attacks")
    rows = [{"presentation_id": f"{species}-{i}", "subject": f"s{i}", "type": "attack", "species": species,
             "transaction_decision": "accept" if species == "screen" and i % 60 == 0 else "reject"}
            for species in ("print", "screen") for i in range(300)]
    rows += [{"presentation_id": f"bona-{i}", "subject": f"s{i}", "type": "bona_fide", "transaction_decision": "accept"}
             for i in range(100)]
    attacks = shogo.pad_rates(rows, limit="<1%")
    for species in attacks.species:
        print(species.iapar)
    print(f"worst species: {attacks.worst_species}; all species: {attacks.verdict}, {attacks.because}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "tutorial-output"))
