"""Writing YAML that means the same to every reader: for overlays that are made in pages instead of editors."""

from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Quotes every text, so that none can be taken for a number, a date or a word of YAML."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _quote(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


_Dumper.add_representer(str, _quote)


def write_document(value: Any) -> str:
    """Return mappings, lists, texts, whole numbers and booleans as YAML in the order given.

    Our reader reads the same value back.
    """
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
