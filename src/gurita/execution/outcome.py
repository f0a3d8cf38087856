"""How an attempt ended, in the journal's words."""

from __future__ import annotations

from dataclasses import dataclass

from gurita.transport.tickets import Final

__all__ = ["Outcome", "of_final"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state` is one of the engine's final action states; `error` the sentence for the log and the page."""

    state: str
    rc: int | None
    error: str | None


def of_final(final: Final, told: str | None = None) -> Outcome:
    """The outcome a target's last word means. `told` is what the script itself gave as its result."""
    if final.state == "ended":
        if final.rc == 0 and not final.message:
            return Outcome("success", 0, None)
        text = told or final.message or f"The remote script failed with exit code {final.rc}."
        return Outcome("failed", final.rc, text)
    if final.state == "timedout":
        return Outcome("timedout", final.rc, final.message or "The script ran longer than its time limit.")
    if final.state == "canceled":
        return Outcome("canceled", final.rc, "Canceled.")
    lost = "The script had begun, and whoever watched over it on the target is gone: it was killed, or the machine restarted."
    return Outcome("lost", None, final.message or lost)
