"""What a machine policy must be like."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gurita.catalog.rules import name_problems, slug_problems, span_problems, text_problems
from gurita.machines.resources import MachinePolicy

__all__ = ["policy_problems"]

_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)


def policy_problems(policy: MachinePolicy) -> list[str]:
    """Every fault of a machine policy a client sends. Time spans are `d.hh:mm:ss`."""
    check, cleanup = policy.machine_health_check_policy, policy.machine_cleanup_policy
    retry = policy.machine_rpc_call_retry_policy
    spans = (
        (check.health_check_interval, "MachineHealthCheckPolicy.HealthCheckInterval", _MINUTE),
        (
            cleanup.delete_machines_elapsed_time_span,
            "MachineCleanupPolicy.DeleteMachinesElapsedTimeSpan",
            timedelta(),
        ),
        (retry.retry_duration, "MachineRpcCallRetryPolicy.RetryDuration", timedelta()),
        (
            retry.health_check_retry_duration,
            "MachineRpcCallRetryPolicy.HealthCheckRetryDuration",
            timedelta(),
        ),
        (policy.polling_request_queue_timeout, "PollingRequestQueueTimeout", _SECOND),
        (
            policy.polling_request_maximum_message_processing_timeout,
            "PollingRequestMaximumMessageProcessingTimeout",
            _SECOND,
        ),
        (policy.connection_connect_timeout, "ConnectionConnectTimeout", _SECOND),
        (policy.connection_retry_sleep_interval, "ConnectionRetrySleepInterval", timedelta()),
        (policy.connection_retry_time_limit, "ConnectionRetryTimeLimit", _SECOND),
    )
    return [
        *name_problems(policy.name),
        *slug_problems(policy.slug),
        *text_problems(policy.description),
        *(problem for value, member, least in spans for problem in span_problems(value, member, least)),
        *_script_problems(policy),
        *_cron_problems(policy),
    ]


def _script_problems(policy: MachinePolicy) -> list[str]:
    check = policy.machine_health_check_policy
    found = []
    for script, member in (
        (check.bash_health_check_policy, "BashHealthCheckPolicy"),
        (check.power_shell_health_check_policy, "PowerShellHealthCheckPolicy"),
    ):
        if script.run_type == "Inline" and not (script.script_body or "").strip():
            found.append(
                f"MachineHealthCheckPolicy.{member}.ScriptBody: must not be empty when RunType is Inline. "
                "Give a script, or use InheritFromDefault."
            )
        found += text_problems(script.script_body, f"MachineHealthCheckPolicy.{member}.ScriptBody", 1_000_000)
    return found


def _cron_problems(policy: MachinePolicy) -> list[str]:
    check = policy.machine_health_check_policy
    found = []
    if check.health_check_cron and len(check.health_check_cron.split()) not in (5, 6):
        found.append(
            f"MachineHealthCheckPolicy.HealthCheckCron: '{check.health_check_cron[:60]}' does not have five or six "
            "parts. Write seconds (optional), minutes, hours, day of the month, month, day of the week."
        )
    try:
        ZoneInfo(check.health_check_cron_timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        found.append(
            f"MachineHealthCheckPolicy.HealthCheckCronTimezone: '{(check.health_check_cron_timezone or '')[:60]}' is "
            "not a time zone. serverstatus/timezones lists them."
        )
    return found
