"""The conventions that change files of a package, between PreDeploy and the copy (runtime formats 5.1 to 5.4).

What reads configuration files is imported where it is used: most packages ask for none of it.
"""

from __future__ import annotations

import contextlib
import os
from typing import Callable, Dict, Iterator, List, Set, Tuple

from gurita.formats.globs import GlobError, compiled
from gurita.formats.variables import VariableError, Variables
from gurita.runner.installing import Failure
from gurita.runner.package_work import STRICT
from gurita.runner.scene import Scene

__all__ = ["OnFiles"]


class OnFiles:
    """The four conventions over one folder, given when they run. Each raises Failure, OSError."""

    def __init__(self, scene: Scene, folder: Callable[[], str]) -> None:
        self._scene = scene
        self._told = scene.told
        self._work = scene.work.files
        self._folder = folder

    def order(self) -> Tuple[Tuple[str, Callable[[], None]], ...]:
        """Names for the log, and what to do; only those the step asks for."""
        work = self._work
        every = (
            (work.substitute, "the substitution in files", self._substitute),
            (work.transforms or work.further_transforms, "the configuration transforms", self._transform),
            (work.settings, "the configuration variables", self._settings),
            (work.structured, "the structured variables", self._structured),
        )
        return tuple((name, do) for wanted, name, do in every if wanted)

    def _substitute(self) -> None:
        from gurita.formats.configuration.files import read_bounded, write_over
        from gurita.formats.configuration.substitution import continuing, substitute_bytes

        evaluate = continuing(self._scene.values.language())
        for path in self._targets(self._work.substitute, "substitution target", self._work.warn_unmatched):
            self._told.verbose(f"Performing variable substitution on '{path}'")
            with self._reasons(path):
                data = read_bounded(path)
                done = substitute_bytes(data, evaluate, self._work.output_encoding or None)
                if done.data != data:
                    write_over(path, done.data)
                if done.error:
                    self._told.warning(f"{path}: {done.error}")
                if done.missing:
                    tokens = ", ".join(f"'{token}'" for token in done.missing)
                    told = f"The following tokens were unable to be evaluated in '{path}': {tokens}"
                    if self._scene.values.get(STRICT).strip().lower() == "true":
                        raise Failure(f"{told}. The variable {STRICT} makes that a failure.")
                    self._told.warning(told)
                if done.upgraded:
                    self._told.verbose(
                        f"'{path}' is UTF-8 now: its encoding has no place for what was put in."
                    )

    def _structured(self) -> None:
        from gurita.formats.configuration.files import replace_in

        variables = self._values()
        formats = ("json",) if self._work.json_only else ()
        for path in self._targets(self._work.structured, "structured variables target", True):
            with self._reasons(path):
                done = replace_in(path, variables, formats=formats)
                self._told.verbose(f"Read '{path}' as {done.format}")
                for name in done.names:
                    self._told.verbose(
                        f"Structure found matching the variable '{name}'. Replacing its content with the variable value."
                    )
                for warning in done.warnings:
                    self._told.warning(f"{path}: {warning}")
                if done.upgraded:
                    self._told.verbose(
                        f"'{path}' is UTF-8 now: its encoding has no place for what was put in."
                    )
                if not done.names:
                    self._told.info(
                        "No structures have been found that match variable names, so no structured variable "
                        "replacements have been applied."
                    )

    def _settings(self) -> None:
        from gurita.formats.configuration.dotnet_settings import settings_text
        from gurita.formats.configuration.encodings import decode, encode
        from gurita.formats.configuration.files import read_bounded, write_over

        variables = self._values()
        for path in self._files():
            if not path.lower().endswith(".config") or not self._is_ours(path):
                continue
            with self._reasons(path):
                found = decode(read_bounded(path), declared=True)
                if not found.text.lstrip().startswith("<"):
                    self._told.verbose(f"'{path}' is no XML; it is passed over.")
                    continue
                done = settings_text(found.text, variables)
                if done.text != found.text:
                    write_over(path, encode(done.text, found, declared=True)[0])
                for name in done.names:
                    self._told.verbose(f"Setting '{name}' in '{path}'")
                for warning in done.warnings:
                    self._told.warning(f"{path}: {warning}")

    def _transform(self) -> None:
        from gurita.formats.configuration.transform_files import automatic, definitions, pairs

        work, root = self._scene.work, self._root()
        further, bad = definitions(self._scene.values.filled(self._work.further_transforms))
        for line in bad:
            self._told.warning(f"The transform '{line}' cannot be read; write: transform => target.")
        own = automatic(work.environment, work.tenant) if self._work.transforms else []
        named = list(pairs(root, further))
        chosen = {(pair.transform, pair.target) for pair in named}
        found = [pair for pair in pairs(root, own) if (pair.transform, pair.target) not in chosen] + named
        for definition in further:
            if all(pair.definition != definition for pair in named):
                self._told.info(f"The transform '{definition}' has nothing to do: no files fit it.")
        done: Set[Tuple[str, str]] = set()
        for pair in found:
            if (pair.transform, pair.target) not in done and self._is_ours(pair.target):
                done.add((pair.transform, pair.target))
                self._apply(pair.transform, pair.target)

    def _apply(self, transform: str, target: str) -> None:
        from gurita.formats.configuration.encodings import decode, encode
        from gurita.formats.configuration.errors import ConfigurationError
        from gurita.formats.configuration.files import read_bounded, write_over
        from gurita.formats.configuration.xdt import Transformed, transformed

        self._told.info(f"Transforming '{target}' using '{transform}'.")
        new = data = b""
        try:
            data = read_bounded(target)
            found = decode(data, declared=True)
            done = transformed(found.text, decode(read_bounded(transform), declared=True).text)
            new = encode(done.text, found, declared=True)[0]
        except ConfigurationError as error:
            done = Transformed("", errors=(str(error),))
        strict, ignored = self._work.transform_warnings_fail, self._work.transform_errors_ignored
        for line in done.done:
            self._told.verbose(line)
        for line in done.warnings:
            (self._told.error if strict and not ignored else self._told.warning)(line)
        for line in done.errors:
            (self._told.info if ignored else self._told.error)(line)
        if not ignored and (done.errors or (strict and done.warnings)):
            raise Failure(f"The configuration transform '{transform}' could not be applied to '{target}'.")
        if new and new != data:
            write_over(target, new)

    def _values(self) -> Dict[str, str]:
        """All variables, evaluated; one that cannot be, or that is none after all, is left out."""
        variables: Variables = self._scene.values.language()
        found: Dict[str, str] = {}
        for name in variables:
            try:
                value = variables.value(name)
                if value is not None:
                    found[name] = value
            except VariableError as error:
                self._told.verbose(f"The variable '{name}' is left out: {error}")
        return found

    @contextlib.contextmanager
    def _reasons(self, path: str) -> Iterator[None]:
        """What goes wrong with a file ends the work with its name, or is a warning when the step ignores such errors."""
        try:
            yield
        except ValueError as error:
            reason = f"Variables were not put into '{path}': {error}."
            if not self._work.replacement_errors_ignored:
                raise Failure(reason) from None
            self._told.warning(reason)

    def _root(self) -> str:
        return os.path.realpath(self._folder())

    def _files(self) -> List[str]:
        """All files below the folder. Links to folders are not followed."""
        found: List[str] = []
        for folder, inside, names in os.walk(self._root()):
            inside.sort()
            found += [os.path.join(folder, name) for name in sorted(names)]
        return found

    def _is_ours(self, path: str) -> bool:
        """Whether it is a file, or a link to one that lies in the folder itself."""
        if os.path.islink(path) and not os.path.realpath(path).startswith(
            self._root().rstrip(os.sep) + os.sep
        ):
            return False
        return os.path.isfile(path)

    def _targets(self, globs: List[str], what: str, warn: bool) -> List[str]:
        """Files that fit, each once, in the order of the globs. Raises Failure for one that cannot be read."""
        root, files = self._root(), self._files()
        chosen: Dict[str, None] = {}
        for line in globs:
            glob = self._scene.values.filled(line).strip()
            if not glob:
                continue
            try:
                pattern = compiled(glob[len(root) + 1 :] if glob.startswith(root + os.sep) else glob)
            except GlobError as error:
                raise Failure(str(error)) from None
            fitting = [
                path for path in files if pattern.fullmatch(path[len(root) + 1 :]) and self._is_ours(path)
            ]
            if not fitting and warn:
                self._told.warning(f"No files were found in {root} that match the {what} pattern '{glob}'")
            chosen.update(dict.fromkeys(fitting))
        return list(chosen)
