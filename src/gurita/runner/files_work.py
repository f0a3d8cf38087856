"""What a step does with the files of a package before its Deploy scripts: the `files` member of the document of `package_work`."""

from __future__ import annotations

from typing import List, NamedTuple

from gurita.runner.members import Members

__all__ = ["FilesWork", "read_files_work"]


class FilesWork(NamedTuple):
    """Globs are relative to the extracted package, a line each. Empty members do nothing.

    `substitute`: files with tokens, written back in `output_encoding` (empty: as found); `warn_unmatched` says whether a glob
    without a file is worth a warning. `transforms`: `X.Release.config`, the environment's and the tenant's are applied by themselves;
    `further_transforms`: lines of `transform => target`. `settings`: appSettings, connectionStrings, applicationSettings.
    `structured`: files whose structure variables name; `json_only` reads them as JSON alone. What fails ends the work, unless it
    is ignored.
    """

    substitute: List[str] = []
    output_encoding: str = ""
    warn_unmatched: bool = True
    transforms: bool = False
    further_transforms: str = ""
    transform_errors_ignored: bool = False
    transform_warnings_fail: bool = False
    settings: bool = False
    structured: List[str] = []
    json_only: bool = False
    replacement_errors_ignored: bool = False


def read_files_work(given: Members) -> FilesWork:
    """The member of a request. Raises Refusal `bad-request` naming what does not fit."""
    return FilesWork(
        substitute=given.texts("substitute"),
        output_encoding=given.text("output_encoding"),
        warn_unmatched=given.flag("warn_unmatched", True),
        transforms=given.flag("transforms", False),
        further_transforms=given.text("further_transforms"),
        transform_errors_ignored=given.flag("transform_errors_ignored", False),
        transform_warnings_fail=given.flag("transform_warnings_fail", False),
        settings=given.flag("settings", False),
        structured=given.texts("structured"),
        json_only=given.flag("json_only", False),
        replacement_errors_ignored=given.flag("replacement_errors_ignored", False),
    )
