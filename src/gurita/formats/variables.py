"""Variables by name, and texts evaluated with them: the entry to the variable language (runtime formats, section 2).

What a template is made of lies in `gurita.formats.templates`. It is imported with the first text that has a `#{`: a runner that
meets none starts without it.
"""

from __future__ import annotations

import functools
import re
from typing import (
    TYPE_CHECKING,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    Union,
)

from gurita.formats.templates.errors import (
    SelfReference,
    TemplateError,
    TooDeep,
    TooLong,
    TooMuch,
    VariableError,
)
from gurita.formats.templates.paths import folded, read_path
from gurita.formats.templates.truth import is_true

if TYPE_CHECKING:
    from gurita.formats.templates.evaluating import Evaluator
    from gurita.formats.templates.looking import Looking

__all__ = [
    "MODES",
    "Evaluation",
    "SelfReference",
    "TemplateError",
    "TooDeep",
    "TooLong",
    "TooMuch",
    "VariableError",
    "Variables",
    "references",
]

MODES = (HALTING, CONTINUING) = ("halting", "continuing")
"""What becomes of a syntax error: the whole text comes back, or only the faulty stretch."""

_LINE_ENDS = re.compile(r"[\r\n]+")

HostFilter = Callable[[Optional[str], Sequence[str]], Optional[str]]


class Evaluation(NamedTuple):
    """A text with its references replaced. `missing` lists the tokens that were echoed; `error` is what was wrong with a
    template or a filter; `absent` says that the filter `null` made nothing of the text."""

    text: str
    missing: Tuple[str, ...]
    error: str
    absent: bool = False

    @property
    def complaint(self) -> str:
        """One sentence on what went wrong; empty if nothing did."""
        if self.error:
            return self.error
        tokens = ", ".join(f"'{token}'" for token in self.missing)
        return f"The following tokens were unable to be evaluated: {tokens}" if tokens else ""

    @property
    def truthy(self) -> bool:
        """Whether nothing went wrong, and the text counts as true."""
        return not self.complaint and not self.absent and is_true(self.text)


class Variables(Mapping[str, str]):
    """Names and values. Names have no case; the first spelling is kept. A later value of the same name wins.

    `filters` are a host's own, by name; they are asked after those of the language.
    """

    def __init__(
        self,
        values: Union[Mapping[str, str], Iterable[Tuple[str, str]]] = (),
        filters: Optional[Mapping[str, HostFilter]] = None,
    ) -> None:
        self._values: Dict[str, str] = {}
        self._spelled: Dict[str, str] = {}
        self._filters = {name.lower(): call for name, call in (filters or {}).items()}
        self._looking: Optional[Looking] = None
        for name, value in values.items() if isinstance(values, Mapping) else values:
            self.set(name, value)

    def __getitem__(self, name: str) -> str:
        return self._values[_key(name)]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _key(name) in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._spelled.values())

    def __len__(self) -> int:
        return len(self._values)

    def set(self, name: str, value: str) -> None:
        """Set a variable's literal value."""
        key = _key(name)
        self._spelled.setdefault(key, name)
        self._values[key] = value
        self._looking = None

    def value(self, name: str) -> Optional[str]:
        """The evaluated value of a variable, or of a path into JSON; None when there is none.

        A value that is no template is itself. Raises SelfReference, TooLong, TooDeep and TooMuch.
        """
        found = self._values.get(_key(name))
        if found is not None and "#{" not in found:
            return found
        path = read_path(name)
        if path is not None:
            return self._evaluator().path(path).text
        done = None if found is None else self.evaluate(found)
        return None if done is None or done.absent else done.text

    def evaluate(self, text: str, mode: str = HALTING) -> Evaluation:
        """Replace all references in `text`. Raises SelfReference, TooLong, TooDeep and TooMuch.

        `halting`: with a syntax error the whole text comes back unchanged, and `error` says where. `continuing`, for files:
        what cannot be read stays, the rest is evaluated.
        """
        if "#{" not in text:
            return Evaluation(text, (), "")
        try:
            done = self._evaluator().text(text, lenient=mode == CONTINUING)
        except TemplateError as error:
            return Evaluation(text, (), str(error))
        return Evaluation(done.text or "", done.missing, " ".join(done.errors), done.text is None)

    def truthy(self, text: str) -> bool:
        """Whether an expression is evaluated without complaint, and to something true. Raises as `evaluate`."""
        return self.evaluate(text).truthy

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A variable that is `True` or `False`; anything else is the default. Raises as `value`."""
        return {"true": True, "false": False}.get((self.value(name) or "").strip().lower(), default)

    def strings(self, name: str) -> List[str]:
        """A variable's pieces between commas, without white space around them, empty ones left out."""
        return [piece.strip() for piece in (self.value(name) or "").split(",") if piece.strip()]

    def paths(self, name: str) -> List[str]:
        """A variable's lines, without white space around them, empty ones left out."""
        return [line.strip() for line in _LINE_ENDS.split(self.value(name) or "") if line.strip()]

    def _evaluator(self) -> Evaluator:
        from gurita.formats.templates.evaluating import Evaluator
        from gurita.formats.templates.looking import Looking

        if self._looking is None:
            self._looking = Looking(self._values, self._spelled)
        return Evaluator(self._looking, self._filters)


def references(text: str) -> Tuple[str, ...]:
    """The paths a template mentions, in order, each once; those that only a loop binds left out. None for a faulty one."""
    if "#{" not in text:
        return ()
    from gurita.formats.templates.mentioning import mentioned

    return mentioned(text)


@functools.lru_cache(maxsize=65536)
def _key(name: str) -> str:
    """The key of a name: that of its path, or the folded name when no path has it."""
    path = read_path(name)
    return folded(name.strip()) if path is None or path.key is None else path.key
