"""What the documents say of commands, settings, routes and files is so."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from gurita.agent import program
from gurita.cli.main import app
from gurita.cli.server import ServerOptions
from gurita.server.routes import ROUTES
from gurita.server.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
AGENT = ("register", "run", "deregister", "unit")
INTERNAL = {  # for tests and for work on Gurita itself; named in CONTRIBUTING or nowhere
    "GURITA_FAULTS", "GURITA_FAULTS_LOG", "GURITA_FAULTS_SEED", "GURITA_NO_FLOCK", "GURITA_PORTAL", "GURITA_SOME_OPTION",
}  # fmt: skip


def _read(name: str) -> str:
    return (ROOT / name).read_text()


def _anchors(page: Path) -> set[str]:
    """The headings of a page as addresses name them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in titles)
    return {title.strip().replace(" ", "-") for title in plain}


def _shown(page: Path) -> Iterator[str]:
    """The commands of a page: lines of its blocks for a shell that begin with `gurita`, without what comes behind a pipe."""
    for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            command = re.split(r" (?:\||&&|>|#) ?", line.strip())[0]
            if command.startswith("gurita "):
                yield command


def _leaves() -> set[str]:
    """Every command there is, by its words."""
    found = {f"agent {each}" for each in AGENT}
    for name in app:
        if name.startswith("-") or name == "agent":
            continue
        below = [each for each in app[name] if not each.startswith("-")]
        found |= {f"{name} {each}" for each in below} or {name}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_heading_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", page.read_text())
    inside = [(target, name) for target, name in links if "://" not in target]
    wrong = [
        name for target, name in inside if name not in _anchors(page.parent / target if target else page)
    ]
    assert wrong == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    coming = [ROOT / "README.md"]
    while coming:
        page = coming.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
        coming += [(page.parent / target).resolve() for target in targets if "://" not in target]
    assert [str(page.relative_to(ROOT)) for page in PAGES if page not in reached] == []


def test_the_guide_lists_every_command_once() -> None:
    listed = []
    for row in re.findall(r"^\| (`gurita [^|]+) \|", _read("docs/guide/README.md"), re.MULTILINE):
        first, *others = re.findall(r"`([^`]+)`", row)
        words = first.split()[1:]
        listed += [" ".join(words), *(" ".join([*words[:-1], each]) for each in others)]
    assert sorted(listed) == sorted(_leaves())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_line_the_documents_show_is_understood(page: Path) -> None:
    for command in _shown(page):
        words = shlex.split(command)[1:]
        if words[0] == "agent":
            program.parsed(words[1:], ("gurita", "agent"))
        else:
            app.parse_args([*words], exit_on_error=False, print_error=False)


def test_the_settings_are_told_once_with_their_defaults() -> None:
    rows = re.findall(r"^\| (`--[^|]+) \|([^|]*)\|", _read("docs/operate/README.md"), re.MULTILINE)
    told = {
        name: default.strip("` ")
        for names, defaults in rows
        for name, default in zip(
            re.findall(r"`--([a-z-]+)`", names), [*defaults.split(","), "", ""], strict=False
        )
    }
    names = [name for row in rows for name in re.findall(r"`--([a-z-]+)`", row[0])]
    assert sorted(names) == sorted(field.name.replace("_", "-") for field in fields(ServerOptions))
    assert {*names} == {field.name.replace("_", "-") for field in fields(Settings)} | {"config"}
    for field in fields(Settings):
        said = told[field.name.replace("_", "-")]
        if isinstance(field.default, bool):
            assert said == "off"
        elif field.default not in {"", None}:
            assert said == re.sub(r"\.0$", "", str(field.default)), field.name


def test_the_settings_of_the_installation_are_understood(tmp_path: Path) -> None:
    page = _read("docs/operate/install.md")
    block = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert block
    (tmp_path / "gurita.toml").write_text(block[1])
    found = read_settings({"config": str(tmp_path / "gurita.toml")}, {})
    assert (found.public_url, found.node_name) == ("https://deploy.example.com", "node-1")


def test_every_variable_of_the_environment_is_told_and_every_one_told_exists() -> None:
    sources = [path for end in ("py", "sh") for path in (ROOT / "src").rglob(f"*.{end}")]
    used = {name for path in sources for name in re.findall(r"GURITA_[A-Z_]*[A-Z]\b(?!_)", path.read_text())}
    settings = {f"GURITA_{field.name.upper()}" for field in fields(Settings)}
    told = {name for page in PAGES for name in re.findall(r"GURITA_[A-Z_]*[A-Z]\b(?!_)", page.read_text())}
    scripts = {
        name for path in (ROOT / "scripts").glob("*") if path.is_file() for name in _variables(path)
    } | {name for path in (ROOT / "tests").glob("*.py") for name in _variables(path)}
    assert used - settings - INTERNAL - told == set()
    assert told - used - settings - scripts == set()


def _variables(path: Path) -> set[str]:
    return set(re.findall(r"GURITA_[A-Z_]+", path.read_text()))


def _is_a_route(path: str, method: str) -> bool:
    words = [word for word in path.lower().split("/") if word]
    for route in ROUTES:
        parts = route.path.strip("/").split("/")
        fits = len(parts) == len(words) and all(
            part.startswith("{") or part.lower() == word for part, word in zip(parts, words, strict=True)
        )
        if fits and method in {"", route.method}:
            return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_request_the_documents_name_is_one_of_the_api(page: Path) -> None:
    named = re.findall(r"`(GET|POST|PUT|DELETE) (/?[A-Za-z{][\w{}./-]*)", page.read_text())
    wrong = []
    for method, path in named:
        within = re.sub(r"^/?(?:api/)?(?:\{space\}/|\{spaceId\}/|Spaces-\d+/)?", "", path).rstrip("./")
        if not _is_a_route(within, method):
            wrong.append(f"{method} {path}")
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_test_and_source_a_page_names_is_there(page: Path) -> None:
    places = (ROOT, ROOT / "tests", ROOT / "src/gurita", ROOT / "web/src", ROOT / "src/gurita" / page.stem)
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|ts|tsx|mjs))`", page.read_text())
    assert [name for name in named if not any((place / name).exists() for place in places)] == []
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    bare = re.findall(r"\b(test_[a-z0-9_]+\.py)`", page.read_text())
    assert [name for name in bare if name not in tests] == []
    assert page.name != "security.md" or len(bare) > 30  # it names a test for every threat
