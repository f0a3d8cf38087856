"""Regular expressions of .NET, rewritten for Python's engines.

.NET documentation, "regular expression language quick reference". Groups lose their names here: .NET
counts named groups after all others, so that what a number or name means is kept beside the expression.
"""

from __future__ import annotations

import re
from typing import Dict, List, NamedTuple, Optional

from gurita.formats.templates.errors import FilterFailed

__all__ = ["LONGEST_PATTERN", "Translated", "translated"]

LONGEST_PATTERN = 2000
_DEEPEST = 50
_COUNT = re.compile(r"\{[0-9]{1,9}(,[0-9]{0,9})?\}")
_NAMED = re.compile(r"\(\?(?:<([^\W\d]\w*)>|'([^\W\d]\w*)'|<([1-9]\d{0,3})>|'([1-9]\d{0,3})')")
_FLAGS = re.compile(r"\(\?([imnsx]*)(?:-([imnsx]+))?([:)])")
_SIMPLE = re.compile(r"\(\?(?::|=|!|<=|<!|>)")
_IF = re.compile(r"\(\?\((\w+)\)")
_BACK = re.compile(r"\\(?:k(?:<(\w+)>|'(\w+)')|([1-9]\d{0,2}))")
_CODE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|c([A-Za-z@\[\\\]^_])|(0[0-7]{0,2}))")
_CATEGORY = re.compile(r"\\[pP]\{[A-Za-z0-9\-]{1,40}\}")
_PLACES = {"A": r"\A", "z": r"\Z", "Z": r"(?=\n?\Z)", "b": r"\b", "B": r"\B", "e": r"\x1b"}
_SAME = "wWdDsStnrfva"


class Translated(NamedTuple):
    """An expression for Python's engines. `numbers` and `names` lead to its groups; `loops` counts repetitions without end;
    `nests` says that a repetition lies in another one, and `rich` that Python's own engine does not do for it."""

    text: str
    numbers: Dict[int, List[int]]
    names: Dict[str, List[int]]
    loops: int
    nests: bool
    rich: bool


def translated(text: str) -> Translated:
    """The expression. Raises FilterFailed with what is wrong."""
    if len(text) > LONGEST_PATTERN:
        raise FilterFailed(f"a regular expression has at most {LONGEST_PATTERN} characters")
    return _Translation(text).whole()


class _Group:
    """An open group: what closes it, how many option groups were opened in it, and whether it varies in length."""

    def __init__(self, capture: bool, options: str) -> None:
        self.capture, self.options = capture, options
        self.inner: List[str] = []
        self.varies = False


class _Translation:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.out: List[str] = []
        self.groups: List[_Group] = [_Group(False, "")]
        self.captures: List[Optional[str]] = []
        self.loops, self.nests, self.rich = 0, False, False
        self.last_varies = False
        self.repeatable = False
        self.unnamed = 0
        self.named: List[str] = []
        self._count_groups()

    def fail(self, said: str) -> FilterFailed:
        return FilterFailed(f"the regular expression is faulty at character {self.at + 1}: {said}")

    def _count_groups(self) -> None:
        """What numbers groups get: those without name first."""
        text, at, inside = self.text, 0, False
        while at < len(text):
            if text[at] == "\\":
                at += 2
                continue
            if inside:
                inside = text[at] != "]"
            elif text[at] == "[":
                inside = True
                at += 2 if text.startswith(("[]", "[^"), at) else 0
            elif text[at] == "(":
                found = _NAMED.match(text, at)
                if found is not None:
                    name = next(part for part in found.groups() if part)
                    self.named += [] if name in self.named else [name]
                elif not text.startswith("(?", at):
                    self.unnamed += 1
            at += 1

    def whole(self) -> Translated:
        while self.at < len(self.text):
            self._item()
        if len(self.groups) > 1:
            raise self.fail("a ( is not closed")
        self.out.append(")" * len(self.groups[0].inner))
        numbers: Dict[int, List[int]] = {}
        names: Dict[str, List[int]] = {}
        unnamed = 0
        for at, name in enumerate(self.captures, 1):
            if name is None:
                unnamed += 1
                numbers.setdefault(unnamed, []).append(at)
            else:
                names.setdefault(name, []).append(at)
                number = (
                    int(name) if name.isdigit() else self.captures.count(None) + self.named.index(name) + 1
                )
                numbers.setdefault(number, []).append(at)
        return Translated("".join(self.out), numbers, names, self.loops, self.nests, self.rich)

    def _item(self) -> None:
        sign, group = self.text[self.at], self.groups[-1]
        count = _COUNT.match(self.text, self.at)
        if sign in "*+?" or count is not None:
            self._repeat(count.group() if count else sign)
            return
        self.last_varies, self.repeatable = False, True
        if sign == "(":
            self._open()
        elif sign == ")":
            self._close()
        elif sign == "|":
            group.varies = True
            self.repeatable = False
            self._put(")" * len(group.inner) + "|" + "".join(group.inner), 1)
        elif sign == "[":
            self._put(self._set(), 0)
        elif sign == "\\":
            self._escape()
        elif sign == "#" and "x" in group.options:
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end + 1
        else:
            self._put(f"\\{sign}" if sign in "{}]" else sign, 1)

    def _put(self, text: str, length: int) -> None:
        self.out.append(text)
        self.at += length

    def _repeat(self, sign: str) -> None:
        if not self.repeatable:
            raise self.fail(f"{sign} has nothing to repeat, or repeats a repetition")
        endless = sign in "*+" or sign.endswith(",}")
        self.loops += endless
        once = sign in ("?", "{1}", "{0,1}", "{0}")
        self.nests = self.nests or (self.last_varies and not once)
        self.groups[-1].varies = self.groups[-1].varies or endless or "," in sign or sign == "?"
        self._put(sign, len(sign))
        if self.text.startswith("?", self.at):
            self._put("?", 1)
        self.repeatable = self.last_varies = False

    def _open(self) -> None:
        text, group = self.text, self.groups[-1]
        if len(self.groups) > _DEEPEST:
            raise self.fail("groups lie in each other too deep")
        if text.startswith("(?#", self.at):
            end = text.find(")", self.at)
            self.at = len(text) if end < 0 else end + 1
            return
        flags, named, simple = (each.match(text, self.at) for each in (_FLAGS, _NAMED, _SIMPLE))
        condition = _IF.match(text, self.at)
        if simple is not None:
            self.rich = self.rich or simple.group() in ("(?<=", "(?<!", "(?>")
            self._push(simple.group(), False, group.options, len(simple.group()))
        elif named is not None:
            self.captures.append(next(part for part in named.groups() if part))
            self._push("(", True, group.options, len(named.group()))
        elif flags is not None:
            self._flags(flags)
        elif condition is not None:
            indexes = self._indexes(condition.group(1))
            self._push(f"(?({indexes[-1]})", False, group.options, len(condition.group()))
        elif text.startswith("(?", self.at):
            raise self.fail("this kind of group is not known")
        elif "n" in group.options:
            self._push("(?:", False, group.options, 1)
        else:
            self.captures.append(None)
            self._push("(", True, group.options, 1)

    def _push(self, text: str, capture: bool, options: str, length: int) -> None:
        self._put(text, length)
        self.groups.append(_Group(capture, options))
        self.repeatable = False

    def _flags(self, found: "re.Match[str]") -> None:
        on, off, end = found.group(1), found.group(2) or "", found.group(3)
        group = self.groups[-1]
        options = "".join(sorted((set(group.options) | set(on)) - set(off)))
        on, off = on.replace("n", ""), off.replace("n", "")
        opened = f"(?{on}{'-' + off if off else ''}:" if on or off else "(?:"
        if end == ":":
            self._push(opened, False, options, len(found.group()))
            return
        group.options = options
        group.inner.append(opened)
        self._put(opened, len(found.group()))
        self.repeatable = False

    def _close(self) -> None:
        if len(self.groups) == 1:
            raise self.fail("a ) has no ( before it")
        group = self.groups.pop()
        self._put(")" * (len(group.inner) + 1), 1)
        self.last_varies = group.varies
        self.groups[-1].varies = self.groups[-1].varies or group.varies

    def _indexes(self, name: str) -> List[int]:
        """The groups, among those open or closed by now, that a number or name means."""
        unnamed = [at for at, each in enumerate(self.captures, 1) if each is None]
        found = [at for at, each in enumerate(self.captures, 1) if each == name]
        if not found and name.isdigit():
            number = int(name)
            if number <= self.unnamed:
                found = unnamed[number - 1 : number]
            else:
                at = number - self.unnamed - 1
                found = self._indexes(self.named[at]) if at < len(self.named) else []
        if not found:
            raise self.fail(f"there is no group {name} before this")
        return found

    def _escape(self) -> None:
        text, sign = self.text, self.text[self.at + 1 : self.at + 2]
        code = _CODE.match(text, self.at)
        back = _BACK.match(text, self.at)
        category = _CATEGORY.match(text, self.at)
        if not sign:
            raise self.fail("a \\ stands at the end")
        if code is not None:
            self._put(_code(code), len(code.group()))
        elif back is not None:
            indexes = self._indexes(next(part for part in back.groups() if part))
            self.groups[-1].varies = True
            self._put(f"(?:\\{indexes[-1]})", len(back.group()))
        elif category is not None:
            self.rich = True
            self._put(category.group(), len(category.group()))
        elif sign in _PLACES:
            self._put(_PLACES[sign], 2)
        elif sign in _SAME:
            self._put(f"\\{sign}", 2)
        elif sign.isalnum():
            raise self.fail(f"\\{sign} is not known")
        else:
            self._put(re.escape(sign), 2)

    def _set(self) -> str:
        """A set of characters; one with another one taken away from it becomes a look ahead and the set."""
        text, out = self.text, ["["]
        self.at += 1
        if text.startswith("^", self.at):
            out.append("^")
            self.at += 1
        first = True
        while True:
            sign = text[self.at : self.at + 1]
            if not sign:
                raise self.fail("a [ is not closed")
            if sign == "]" and not first:
                self.at += 1
                return "".join([*out, "]"])
            if text.startswith("-[", self.at) and not first:
                self.at += 1
                without = self._set()
                if not text.startswith("]", self.at):
                    raise self.fail("a set that is taken away must come last")
                self.at += 1
                return f"(?:(?!{without}){''.join(out)}])"
            first = False
            out.append(self._set_sign(sign))

    def _set_sign(self, sign: str) -> str:
        text = self.text
        if sign != "\\":
            self.at += 1
            return f"\\{sign}" if sign in "[]&|~" else sign
        code, category = _CODE.match(text, self.at), _CATEGORY.match(text, self.at)
        if code is not None:
            self.at += len(code.group())
            return _code(code)
        if category is not None:
            self.rich = True
            self.at += len(category.group())
            return category.group()
        escaped = text[self.at + 1 : self.at + 2]
        self.at += 2
        if escaped in _SAME + "b" and escaped:
            return f"\\{escaped}"
        if escaped == "e":
            return r"\x1b"
        if not escaped or escaped.isalnum():
            raise self.fail(f"\\{escaped} is not known")
        return f"\\{escaped}"


def _code(found: "re.Match[str]") -> str:
    two, four, control, octal = found.groups()
    code = ord(control.upper()) - 64 if control else int(octal, 8) if octal else int(two or four, 16)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
