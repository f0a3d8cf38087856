"""Machine policies: when machines are checked, and how patient the server is (api.md 8). Spans are `d.hh:mm:ss`."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from gurita.catalog.resource import NamedResource
from gurita.http.wire import Whole, Wire

__all__ = [
    "Cleanup",
    "Connectivity",
    "HealthCheck",
    "MachinePolicy",
    "PackageCacheRetention",
    "Retry",
    "ScriptPolicy",
    "Update",
]


class ScriptPolicy(Wire):
    """The script of a health check: the built-in one, or one's own."""

    run_type: Literal["InheritFromDefault", "Inline", "OnlyConnectivity"] = "InheritFromDefault"
    script_body: str | None = None


class HealthCheck(Wire):
    """When and how machines are checked: every interval, or by a cron expression in a time zone."""

    health_check_type: Literal["RunScript", "OnlyConnectivity"] = "RunScript"
    health_check_interval: str | None = "1.00:00:00"
    health_check_cron: str | None = None
    health_check_cron_timezone: str | None = "UTC"
    power_shell_health_check_policy: ScriptPolicy = field(default_factory=ScriptPolicy)
    bash_health_check_policy: ScriptPolicy = field(default_factory=ScriptPolicy)


class Connectivity(Wire):
    """Whether a machine that cannot be reached fails its health check."""

    machine_connectivity_behavior: Literal["ExpectedToBeOnline", "MayBeOfflineAndCanBeSkipped"] = (
        "ExpectedToBeOnline"
    )


class Cleanup(Wire):
    """Whether machines that stay unavailable are deleted, and after how long."""

    delete_machines_behavior: Literal["DoNotDelete", "DeleteUnavailableMachines"] = "DoNotDelete"
    delete_machines_elapsed_time_span: str = "00:00:00"


class Update(Wire):
    """When the runner and the agent on a machine are brought up to date."""

    calamari_update_behavior: Literal["UpdateOnDeployment", "UpdateOnNewMachine", "UpdateAlways"] = (
        "UpdateOnDeployment"
    )
    tentacle_update_behavior: Literal["NeverUpdate", "Update"] = "NeverUpdate"
    kubernetes_agent_update_behavior: Literal["NeverUpdate", "Update"] = "NeverUpdate"
    tentacle_update_account_id: str | None = None


class Retry(Wire):
    """How long a failed call to a machine is tried again."""

    enabled: bool = True
    retry_duration: str = "00:02:30"
    health_check_retry_duration: str = "00:02:30"


class PackageCacheRetention(Wire):
    """How many packages a machine keeps."""

    strategy: Literal["Default", "Quantities"] = "Default"
    quantity_of_packages_to_keep: Whole | None = None
    quantity_of_versions_to_keep: Whole | None = None
    package_unit: str | None = None
    version_unit: str | None = None


class MachinePolicy(NamedResource):
    """Rules for a group of machines. One policy of a space is the default."""

    is_default: bool = False
    machine_health_check_policy: HealthCheck = field(default_factory=HealthCheck)
    machine_connectivity_policy: Connectivity = field(default_factory=Connectivity)
    machine_cleanup_policy: Cleanup = field(default_factory=Cleanup)
    machine_update_policy: Update = field(default_factory=Update)
    machine_rpc_call_retry_policy: Retry = field(default_factory=Retry)
    machine_package_cache_retention_policy: PackageCacheRetention = field(
        default_factory=PackageCacheRetention
    )
    polling_request_queue_timeout: str = "00:02:00"
    polling_request_maximum_message_processing_timeout: str = "00:10:00"
    connection_connect_timeout: str = "00:01:00"
    connection_retry_count_limit: Whole = 5
    connection_retry_sleep_interval: str = "00:00:01"
    connection_retry_time_limit: str = "00:05:00"
