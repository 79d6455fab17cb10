"""The package as a whole: stubs and docstrings tell the truth, and the tutorial runs."""
import ast
import doctest
import inspect
import pathlib
import subprocess
import sys

import shogo
from shogo import _shogo

HERE = pathlib.Path(__file__).parent


def test_the_stub_names_exactly_what_the_compiled_part_has():
    stub = ast.parse((pathlib.Path(shogo.__file__).parent / "_shogo.pyi").read_text())
    told = {node.name for node in stub.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert told == {name for name in dir(_shogo) if not name.startswith("_")}
    for node in stub.body:
        if isinstance(node, ast.FunctionDef):
            # pybind11 writes "name(a: int, b: float) -> …" first.
            signature = getattr(_shogo, node.name).__doc__.splitlines()[0]
            assert signature.count(": ") == len(node.args.args), signature


def test_everything_public_is_documented():
    for name in shogo.__all__:
        thing = getattr(shogo, name)
        assert inspect.getdoc(thing), name
        if inspect.isclass(thing):
            for member, value in vars(thing).items():
                if isinstance(value, (property, type(lambda: 0))) and not member.startswith("_"):
                    assert inspect.getdoc(value), f"{name}.{member}"


def test_examples_in_docstrings_are_true():
    from shogo import rates

    assert doctest.testmod(rates).failed == 0


def test_the_tutorial_runs_and_leaves_its_plots(tmp_path):
    subprocess.run([sys.executable, HERE.parent / "tutorial" / "tutorial.py", tmp_path], check=True, timeout=60,
                   stdout=subprocess.PIPE)
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["det.png", "histogram.png", "zoo.png"]
