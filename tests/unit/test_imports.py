"""Imports point one way, and the heavy ones stand where they belong."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import chef_llm

PACKAGE = Path(chef_llm.__file__).parent
SOURCES = PACKAGE.parent
# A module imports from rows above its own, or from its own package; never from below.
LAYERS = [
    ["errors", "custom_metrics"],
    ["settings", "s3"],
    ["cookbook"],
    ["engines"],
    ["reading"],
    ["menus", "models", "observability"],
    ["chat"],
    ["api", "web"],
    ["app"],
    ["asgi"],
]
RANKS = {module: rank for rank, layer in enumerate(LAYERS) for module in layer}
FILES = sorted(PACKAGE.rglob("*.py"))
OFFLINE = {
    "chef_tools",
    "chef_train",
    "chef_convert",
    "torch",
    "transformers",
    "sentencepiece",
    "numpy",
}


@cache
def imported(path: Path) -> frozenset[str]:
    """Return the full names of all modules that a file imports, inside functions too."""
    return frozenset(imports(path))


def imports(path: Path) -> Iterator[str]:
    """Yield the full names of all modules that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            # In `from chef_llm import menus` the module stands at the end.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(path: Path) -> str:
    """Return the module of the first level that a file belongs to ("" for the package itself)."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    module = module_of(path)
    others = {name.split(".")[1] for name in imported(path) if name.startswith("chef_llm.")}

    for other in others & RANKS.keys() - {module}:
        assert RANKS[other] < RANKS[module], f"{module} imports {other}"


def test_every_module_has_its_layer() -> None:
    modules = {module_of(path) for path in FILES} - {""}

    assert modules == RANKS.keys()


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("xllamacpp", "engines/llama_cpp.py"),
        ("jinja2", "chat/chat_template.py"),
        ("boto3.Session", "s3.py"),
        ("botocore.config", "s3.py"),
        ("boto3.s3", "models/from_s3.py"),
        ("s3transfer", "models/from_s3.py"),
        ("aws_lambda_powertools.Metrics", "observability.py"),
        ("chef_llm.observability", "app.py"),
    ],
)
def test_a_library_stands_in_one_file(library: str, home: str) -> None:
    homes = {
        str(path.relative_to(PACKAGE))
        for path in FILES
        if any(f"{name}.".startswith(f"{library}.") for name in imported(path))
    }

    assert homes == {home}


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        str(path.relative_to(PACKAGE))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.Name | ast.alias)
        and getattr(node, "attr", getattr(node, "id", getattr(node, "name", "")))
        in {"environ", "environb", "getenv", "getenvb"}
    }

    assert readers == {"settings.py"}


def test_what_ships_imports_nothing_that_does_not() -> None:
    roots = {path: {name.split(".")[0] for name in imported(path)} & OFFLINE for path in FILES}
    requirements = (SOURCES / "requirements.txt").read_text(encoding="utf-8")

    assert not any(roots.values()), {path: names for path, names in roots.items() if names}
    assert not [library for library in OFFLINE if library in requirements]


def test_the_tools_import_nothing_of_the_training() -> None:
    files = (SOURCES / "chef_tools").rglob("*.py")
    roots = {path: {name.split(".")[0] for name in imported(path)} for path in files}

    assert not [path for path, names in roots.items() if "chef_train" in names]


def test_the_corpus_needs_no_torch() -> None:
    modules = ["corpus", "phrasing", "wishes"]
    files = [SOURCES / "chef_train" / f"{module}.py" for module in modules]
    roots = {name.split(".")[0] for path in files for name in imported(path)}

    assert roots - set(sys.stdlib_module_names) == {"chef_llm", "chef_train"}


def test_a_fresh_interpreter_imports_the_app_without_torch_transformers_or_a_model() -> None:
    code = "import sys, chef_llm.app; print(*sorted(sys.modules), sep='\\n')"

    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    modules = set(result.stdout.split())
    assert "chef_llm.chat.chef" in modules
    assert modules.isdisjoint({"torch", "transformers", "sentencepiece", "numpy", "chef_train"})
    assert modules.isdisjoint({"huggingface_hub", "chef_tools.downloads", "chef_convert"})
    # llama.cpp is loaded with the first model, so that a host without it can still say so.
    assert "xllamacpp" not in modules
    # For a model in S3 alone.
    assert modules.isdisjoint({"boto3", "s3transfer"})


def test_on_lambda_too_the_tracer_leaves_boto3_as_it_is() -> None:
    code = "import botocore.client as c, chef_llm.app; print(type(c.BaseClient._make_api_call))"
    environment = {**os.environ, "LAMBDA_TASK_ROOT": "/var/task"}

    printed = subprocess.check_output(
        [sys.executable, "-c", code], text=True, timeout=60, env=environment
    )

    assert printed == "<class 'function'>\n"
