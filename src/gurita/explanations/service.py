"""Explains variables. Which value applies is worked out over all values; what the viewer may not see is told as hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gurita.explanations.gathering import Gathered, gathered_in
from gurita.explanations.resources import (
    Candidate,
    ExplainQuery,
    Mention,
    Source,
    VariableExplanation,
    VariableExplanations,
)
from gurita.formats.scoping import Choice, Verdict
from gurita.formats.variables import Variables
from gurita.kernel.errors import Invalid
from gurita.variables.rules import REFERENCING, SecretRef
from gurita.variables.rules.reasons import reason_of
from gurita.variables.rules.referring import named_by, references

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["MASK", "explain_in"]

MASK = "********"
MOST_NAMES = 2000
"""Variables explained in one answer; of more, the first by name."""

_MOST_MENTIONS = 200
_LONGEST_NAME = 1000


def explain_in(tx: Tx, ctx: Context, query: ExplainQuery) -> VariableExplanations:
    """Explains one name, or all. Raises Invalid, NotFound, Forbidden."""
    if len(query.name) > _LONGEST_NAME:
        raise Invalid(f"name: is longer than {_LONGEST_NAME} characters.")
    explaining = _Explaining(gathered_in(tx, ctx, query))
    names = [query.name.strip()] if query.name.strip() else explaining.names()
    return VariableExplanations(
        place=explaining.gathered.place,
        variables=[explaining.of(name) for name in names[:MOST_NAMES]],
        truncated=len(names) > MOST_NAMES,
        gone_sets=list(explaining.gathered.gone),
    )


class _Explaining:
    """All that is asked at one place."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        self._chosen = gathered.book.at(gathered.at).values
        self._found: dict[str, tuple[str, Source, str | None]] = {}
        for name, variable in self._chosen.items():
            row = gathered.rows[variable.source, variable.row]
            hidden = variable.is_sensitive or isinstance(variable.value, SecretRef)
            shown = None if hidden or not row.seen else str(variable.value)
            self._found[name.casefold()] = name, "Variable" if row.seen else "Hidden", shown
        for key, (name, above) in gathered.above.items():
            spelled = self._found.get(key, (name,))[0]
            value = None if self._hides(name) else above.value
            self._found[key] = spelled, _source(above.source), value
        self._known = {key: name for key, (name, _, _) in self._found.items()}
        self._variables = Variables(
            {name: MASK if value is None else value for name, _, value in self._found.values()}
        )

    def names(self) -> list[str]:
        """The names somebody has set that the viewer sees, and what lies above them."""
        rows = self.gathered.rows.values()
        seen = {row.variable.name.casefold(): row.variable.name for row in rows if row.seen}
        above = {key: name for key, (name, _) in self.gathered.above.items()}
        return [name for _, name in sorted({**above, **seen}.items())]

    def of(self, name: str) -> VariableExplanation:
        """One name."""
        key = name.casefold()
        choice = self.gathered.book.choice(name, self.gathered.at)
        candidates = list(self._candidates(choice, key))
        spelled, source, template = self._found.get(key, (name, "None", None))
        winner = self._chosen.get(spelled)
        explained = VariableExplanation(
            name=spelled,
            source=source,
            sentence=self._sentence(name, source, candidates),
            type=winner.type if winner else "String",
            is_sensitive=source != "Hidden" and key in self._found and template is None,
            is_tied=choice.tied and source == "Variable",
            candidates=candidates,
        )
        if source == "None" and not candidates and _comes_later(name):
            explained.source = "Later"
        if key not in self._found and (base := self._expanded(name)):
            explained.name, explained.source = name, "Property"
            explained.sentence = (
                f"A property of what '{base}' stands for. It is read when a deployment begins, as it is then."
            )
        if template is not None:
            self._evaluate(explained, template)
        return explained

    def _evaluate(self, explained: VariableExplanation, template: str) -> None:
        explained.template = template
        explained.references = list(self._mentions(explained.name, template))
        try:
            found = self._variables.evaluate(template)
        except ValueError as error:
            explained.error = str(error)
            return
        explained.value, explained.missing = found.text, list(found.missing)
        explained.error = found.error

    def _candidates(self, choice: Choice, key: str) -> Iterator[Candidate]:
        above = self.gathered.above.get(key)
        best = next((one for one in choice.verdicts if one.reason == "chosen"), None)
        order = sorted(choice.verdicts, key=lambda one: (one.ranks or (99,), one.reason != "chosen"))
        for verdict in order:
            row = self.gathered.rows[verdict.candidate.source, verdict.candidate.row]
            if row.seen:
                yield self._candidate(verdict, best, above[1].sentence if above else "")

    def _candidate(self, verdict: Verdict, best: Verdict | None, above: str) -> Candidate:
        gathered = self.gathered
        row = gathered.rows[verdict.candidate.source, verdict.candidate.row]
        reason, sentence = reason_of(verdict, best, gathered.at, gathered.names, above)
        variable = row.variable
        return Candidate(
            variable_id=variable.id,
            set_id=row.set_id,
            set_name=row.set_name,
            row=row.row,
            value=None if variable.is_sensitive or variable.value is None else str(variable.value),
            is_sensitive=variable.is_sensitive,
            scope={kind: list(ids) for kind, ids in (variable.scope or {}).items() if ids},
            ranks=list(verdict.ranks),
            is_winner=reason == "chosen",
            reason=reason,
            sentence=sentence,
        )

    def _sentence(self, name: str, source: Source, candidates: list[Candidate]) -> str:
        above = self.gathered.above.get(name.casefold())
        if above is not None:
            return f"{above[1].sentence[0].upper()}{above[1].sentence[1:]}."
        if source == "Hidden":
            return "A value applies that you may not see: it takes VariableViewUnscoped, or sight of its environment or set."
        winner = next((one for one in candidates if one.is_winner), None)
        if winner is not None:
            return f"Row {winner.row} of {winner.set_name}. {winner.sentence}"
        if candidates:
            return "None of its values applies here."
        if _comes_later(name):
            return "The server or a target sets it when a deployment runs, if it knows it then; nothing is known here."
        return "Nobody has set it."

    def _mentions(self, name: str, template: str) -> Iterator[Mention]:
        """What a text mentions, then what that mentions: each pair once, so that circles end."""
        waiting, told = [(name, template)], {(name.casefold(), "")}
        count = 0
        while waiting and count < _MOST_MENTIONS:
            within, text = waiting.pop(0)
            for path in references(text):
                if (within.casefold(), path) in told or count >= _MOST_MENTIONS:
                    continue
                told.add((within.casefold(), path))
                count += 1
                mention = self._mention(path, within)
                yield mention
                value = self._found.get(mention.name.casefold(), ("", "None", None))[2]
                if value and "#{" in value and mention.name.casefold() != name.casefold():
                    waiting.append((mention.name, value))

    def _mention(self, path: str, within: str) -> Mention:
        evaluated = self._evaluated(path) or path
        base = None if evaluated.casefold() in self._known else self._expanded(evaluated)
        name = None if base else named_by(evaluated, self._known)
        if name is None:
            sentence = (
                f"A property of what '{base}' stands for." if base else self._sentence(evaluated, "None", [])
            )
            source: Source = "Property" if base else "Later" if _comes_later(evaluated) else "None"
            return Mention(path, within, base or "", source, None, False, sentence)
        _, source, value = self._found[name.casefold()]
        sensitive = value is None and source != "Hidden"
        shown = None if value is None else self._evaluated(value)
        choice = self.gathered.book.choice(name, self.gathered.at)
        sentence = self._sentence(name, source, list(self._candidates(choice, name.casefold())))
        return Mention(path, within, name, source, shown, sensitive, sentence)

    def _evaluated(self, text: str) -> str | None:
        try:
            return self._variables.evaluate(text).text
        except ValueError:
            return None

    def _expanded(self, name: str) -> str | None:
        """The variable that stands for a document of which `name` is a property."""
        base, _, member = name.rpartition(".")
        variable = self._chosen.get(self._known.get(base.casefold(), "")) if member else None
        return variable.name if variable is not None and variable.type in REFERENCING else None

    def _hides(self, name: str) -> bool:
        """Whether a variable of this name is sensitive: then what lies above it is so, too."""
        variable = self._chosen.get(self._found.get(name.casefold(), ("",))[0])
        return variable is not None and variable.is_sensitive


def _comes_later(name: str) -> bool:
    """Whether the server keeps a name for what it knows when a deployment runs."""
    return name.casefold().startswith("octopus.")


def _source(text: str) -> Source:
    known: dict[str, Source] = {"Prompt": "Prompt", "Output": "Output", "System": "System"}
    return known[text]
