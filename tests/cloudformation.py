"""The template as CloudFormation would carry it out, for values of its parameters: no account.

SAM's transform runs in the environment of aws-sam-cli, whose pins are not the project's; what is
left of conditions and references is worked out here.
"""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import yaml

ROOT: Final = Path(__file__).parents[1]
TEMPLATE: Final = ROOT / "template.yaml"
# Made by `make .venv/.ready-sam`.
SAM: Final = ROOT / ".venv" / "sam"
# What `sam deploy` would send to CloudFormation, and CloudFormation would make of it.
TRANSFORM: Final = """
import json
import sys
from copy import deepcopy
from types import SimpleNamespace
from samcli.lib.translate import sam_template_validator
from samcli.yamlhelper import yaml_parse

# JSON in the place of its YAML, which would only be read again.
sam_template_validator.yaml_dump = json.dumps
no_policies = SimpleNamespace(load=dict)
template = yaml_parse(open(sys.argv[1]).read())
for line in sys.stdin:
    validator = sam_template_validator.SamTemplateValidator(
        deepcopy(template), no_policies, region="us-east-1", parameter_overrides=json.loads(line)
    )
    print(validator.get_translated_template_if_valid(), flush=True)
"""
# Of the adapter's form; which version there is in a region is its README's to say.
STREAMING_LAYER: Final = "arn:aws:lambda:us-east-1:123456789012:layer:LambdaAdapterLayerX86:30"
NO_VALUE: Final = {"Ref": "AWS::NoValue"}


class CloudFormationLoader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms, `!Ref X` read as `{"Ref": "X"}`."""


def short_form(loader: CloudFormationLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    """Return `!Sub x` as `{"Fn::Sub": "x"}`; `!Ref` and `!Condition` have no prefix."""
    if name not in ("Ref", "Condition"):
        name = f"Fn::{name}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


CloudFormationLoader.add_multi_constructor("!", short_form)


@cache
def read_template() -> dict[str, Any]:
    """Return template.yaml as it was written."""
    loader = CloudFormationLoader(TEMPLATE.read_text(encoding="utf-8"))
    document: dict[str, Any] = loader.get_single_data()
    return document


@dataclass(frozen=True)
class Stack:
    """Resources and outputs whose conditions hold, with the parameters' values in them."""

    resources: dict[str, Any]
    outputs: dict[str, Any]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the properties of each resource of a type, by logical id."""
        return {
            name: resource["Properties"]
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }


class Translator:
    """A process that transforms a template, again and again: to start it takes seconds."""

    def __init__(self, template: Path = TEMPLATE) -> None:
        self._process = subprocess.Popen(
            [SAM / "bin" / "python", "-c", TRANSFORM, template],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def stack(self, **parameters: str) -> Stack:
        """Return what would be deployed with these parameters, the others at their defaults."""
        template = self._translated(parameters)
        values = {
            name: str(parameters.get(name, parameter["Default"]))
            for name, parameter in template["Parameters"].items()
        }
        resolver = Resolver(template["Conditions"], values)
        resources, outputs = map(resolver.present, (template["Resources"], template["Outputs"]))
        return Stack(resources, outputs)

    def _translated(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(parameters)}\n")
        self._process.stdin.flush()
        template: dict[str, Any] = json.loads(self._process.stdout.readline())
        return template


@dataclass(frozen=True)
class Resolver:
    """Works out CloudFormation's functions as far as parameters decide them."""

    conditions: Mapping[str, Any]
    values: Mapping[str, str]

    def present(self, section: Mapping[str, Any]) -> dict[str, Any]:
        """Return what has no condition or one that holds, resolved."""
        return {
            name: self.resolved(entry)
            for name, entry in section.items()
            if "Condition" not in entry or self.holds(entry["Condition"])
        }

    def holds(self, condition: str) -> bool:
        """Return whether a named condition holds."""
        return bool(self.resolved(self.conditions[condition]))

    def resolved(self, node: Any) -> Any:  # noqa: PLR0911, PLR0912  # a case each
        """Return `node` with every function worked out that only parameters decide."""
        if isinstance(node, list):
            items = [self.resolved(item) for item in node]
            return [item for item in items if item != NO_VALUE]
        if not isinstance(node, dict):
            return node
        match node:
            case {"Ref": name, **others} if not others:
                return self.values.get(name, node)
            case {"Condition": str(name), **others} if not others:
                return self.holds(name)
            case {"Fn::If": [name, yes, no]}:
                return self.resolved(yes if self.holds(name) else no)
            case {"Fn::Not": [inner]}:
                return not self.resolved(inner)
            case {"Fn::And": parts}:
                return all(map(self.resolved, parts))
            case {"Fn::Or": parts}:
                return any(map(self.resolved, parts))
            case {"Fn::Select": [index, items]}:
                return self.resolved(items)[int(index)]
            case {"Fn::Equals": [left, right]}:
                return str(self.resolved(left)) == str(self.resolved(right))
            case {"Fn::Split": [separator, text]}:
                return self.resolved(text).split(separator)
            case {"Fn::Join": [separator, texts]}:
                return self.joined(separator, self.resolved(texts))
            case {"Fn::Sub": [str(text), names]}:
                return self.substituted(text, self.resolved(names))
            case {"Fn::Sub": str(text)}:
                return self.substituted(text, {})
        entries = {name: self.resolved(value) for name, value in node.items()}
        return {name: value for name, value in entries.items() if value != NO_VALUE}

    def joined(self, separator: str, texts: list[Any]) -> Any:
        """Return the texts joined, or the function again where one of them is not known yet."""
        if all(isinstance(text, str) for text in texts):
            return separator.join(texts)
        return {"Fn::Join": [separator, texts]}

    def substituted(self, text: str, names: Mapping[str, Any]) -> str:
        """Put parameters and `names` into a text; what only a deployment knows stays `${…}`."""
        unknown = {
            name: f"${{{value['Ref']}}}" for name, value in names.items() if isinstance(value, dict)
        }
        known = {**self.values, **names, **unknown}
        return re.sub(r"\$\{([^!}]+)\}", lambda match: str(known.get(match[1], match[0])), text)
