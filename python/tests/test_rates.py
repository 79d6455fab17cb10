import math

import numpy as np
import pytest

import shogo


def test_299_clean_trials_prove_one_percent_and_298_do_not():
    assert shogo.verdict(0, 299, "<1%").verdict == "proven_kept"
    undecided = shogo.verdict(0, 298, "<1%", name="IAPAR")
    assert undecided.verdict == "shown" and undecided.more_without_error == 1
    assert str(undecided).startswith("IAPAR 0.000% (0/298")
    assert shogo.verdict(35, 3000, 0.01).verdict == "not_shown"
    assert shogo.verdict(60, 3000, 0.01).verdict == "proven_broken"
    assert shogo.verdict(1, 10).verdict is None


def test_strict_and_lax_limits_are_two():
    assert shogo.verdict(0, 10, "<1%").limit == (0.01, True)
    assert shogo.verdict(0, 10, "<=0.3%").limit == (0.003, False)
    assert shogo.verdict(0, 10, 0.003).limit == (0.003, False)
    with pytest.raises(shogo.Error, match="a limit such as"):
        shogo.verdict(0, 10, "one percent")


def test_clean_attacks_on_ten_people_prove_what_ten_trials_do():
    rate = shogo.verdict(0, 300, "<1%", clusters=[(0, 30)] * 10)
    assert rate.n_effective == pytest.approx(10) and rate.verdict == "shown"
    with pytest.raises(shogo.Error, match="not 0 of 299"):
        shogo.verdict(0, 299, "<1%", clusters=[(0, 30)] * 10)
    with pytest.raises(shogo.Error, match="icc needs clusters"):
        shogo.verdict(0, 299, "<1%", icc=0.1)


def half_below(k, n, p):
    """P(X < k) + P(X = k) / 2, summed term by term: what mid-P leaves on one side."""
    terms = [math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)]
    return sum(terms[:k]) + terms[k] / 2


def test_the_interval_is_two_sided_mid_p_and_inside_what_one_sided_bounds_leave():
    rate = shogo.verdict(13, 1312, "<1%")
    lower, upper = rate.interval
    assert half_below(13, 1312, lower) == pytest.approx(0.975)
    assert half_below(13, 1312, upper) == pytest.approx(0.025)
    assert lower < rate.lower < rate.point < rate.upper < upper  # 2.5 % a side against 5 %
    assert shogo.verdict(0, 299).interval[0] == 0 and shogo.verdict(10, 10).interval[1] == 1


def test_an_interval_of_few_false_matches_says_that_it_is_only_safe():
    people = 120
    claimed, probe = np.triu_indices(people, 1)
    errors = np.arange(claimed.size) * 37 % claimed.size
    for many in (29, 30):
        scores = shogo.ScoreSet(np.full(people, 9, np.float32), np.where(errors < many, 1, 0).astype(np.float32),
                                genuine_subject=np.arange(people), impostor_claimed=claimed, impostor_probe=probe)
        rate = shogo.judge(scores, threshold=0.5, fmr="1%").fmr
        assert rate.k == many and rate.interval_at_least == (many < 30)
        assert rate.interval[0] < rate.point < rate.interval[1]
    assert not shogo.verdict(3, 300).interval_at_least


def test_reports_carry_intervals_too():
    report = shogo.pad_rates(log(accepted=[3]))
    lower, upper = report.species[0].iapar.interval
    assert 0 < lower < 1 / 300 < upper < 0.02


@pytest.mark.parametrize("k, n", [(-1, 10), (11, 10), (0, 0)])
def test_counts_that_cannot_be_are_refused(k, n):
    with pytest.raises(shogo.Error) as refused:
        shogo.verdict(k, n)
    assert refused.value.code == "invalid"


def test_a_plan_keeps_its_promise():
    plan = shogo.plan("<1%", 0.01 / 3)
    assert (plan.trials, plan.errors_allowed, plan.simulated) == (1312, 7, False)
    assert plan.power >= 0.9 and plan.wrong_pass <= 0.05
    assert shogo.verdict(plan.errors_allowed, plan.trials, "<1%").verdict == "proven_kept"
    assert shogo.verdict(plan.errors_allowed + 1, plan.trials, "<1%").verdict != "proven_kept"
    assert shogo.plan_pairs("0.01%", 0.01e-2 / 3).subjects > 775


def test_bootstrap_bounds_hold_the_estimate():
    low, high = shogo.bootstrap_clusters([(1, 20)] * 10 + [(0, 20)] * 90, replicates=500)
    assert low < 10 / 2000 < high
    low, high = shogo.bootstrap_pairs(100, [(1, 2), (1, 3), (7, 9)], replicates=500)
    assert low < 3 / 4950 < high


def test_a_sequential_rate_may_be_looked_at_after_every_trial():
    rate = shogo.Sequential("<1%")
    while rate.verdict is None:
        rate.add(False)
    assert rate.verdict == "proven_kept" and 299 < rate.n < 450 and rate.k == 0
    broken = shogo.Sequential("<1%")
    for _ in range(5):
        broken.add(True)
    assert broken.verdict == "proven_broken"


def log(attacks=300, accepted=()):
    for i in range(attacks):
        yield {"presentation_id": f"a{i}", "subject": f"s{i}", "type": "attack", "species": "print",
               "transaction_decision": "accept" if i in accepted else "reject"}
    for i in range(60):
        yield {"presentation_id": f"b{i}", "subject": f"b{i}", "type": "bona_fide", "transaction_decision": "accept"}


def test_attack_rates_come_species_by_species():
    report = shogo.pad_rates(log())
    assert report.species[0].species == "print" and report.species[0].iapar.verdict == "proven_kept"
    assert report.verdict == "proven_kept" and report.frr.k == 0
    assert shogo.pad_rates(log(accepted=range(20))).verdict == "proven_broken"


def test_a_log_without_species_gives_no_rate(tmp_path):
    with pytest.raises(shogo.Error, match="without a species"):
        shogo.pad_rates([{"presentation_id": "1", "subject": "s", "type": "attack", "pad_decision": "attack"}])
    file = tmp_path / "log.csv"
    file.write_text("presentation_id,subject,type,species,pad_decision\n1,s,attack,print,attack\n")
    assert shogo.pad_rates(file).species[0].apcer.n == 1
