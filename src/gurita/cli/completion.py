"""`gurita completion`: what makes a shell finish words."""

from __future__ import annotations

from typing import Literal

__all__ = ["completion"]


def completion(shell: Literal["bash", "zsh", "fish"], /) -> None:
    """Print a script that makes your shell finish this program's words.

    bash: `source <(gurita completion bash)` in ~/.bashrc. zsh: `gurita completion zsh > _gurita` in a folder of $fpath.
    fish: `gurita completion fish > ~/.config/fish/completions/gurita.fish`.

    Parameters
    ----------
    shell
        Which shell.
    """
    from gurita.cli.main import app

    words = {"prog_name": "gurita", "shell": shell}
    print(app.generate_completion(**words))  # type: ignore[arg-type]
