"""The clouds of Azure accounts may be in, with the addresses Azure publishes for them."""

from __future__ import annotations

from gurita.accounts.resources import AzureEnvironment

__all__ = ["AZURE_ENVIRONMENTS"]

AZURE_ENVIRONMENTS = (
    AzureEnvironment(
        name="AzureCloud",
        display_name="Azure Global Cloud (Default)",
        authentication_endpoint="https://login.microsoftonline.com/",  # rules: no-places -- shown to clients
        resource_manager_endpoint="https://management.azure.com/",  # rules: no-places -- shown to clients
        graph_endpoint="https://graph.windows.net/",  # rules: no-places -- shown to clients
        management_endpoint="https://management.core.windows.net/",  # rules: no-places -- shown to clients
        storage_endpoint_suffix="core.windows.net",
    ),
    AzureEnvironment(
        name="AzureChinaCloud",
        display_name="Azure China Cloud",
        authentication_endpoint="https://login.chinacloudapi.cn/",  # rules: no-places -- shown to clients
        resource_manager_endpoint="https://management.chinacloudapi.cn/",  # rules: no-places -- shown to clients
        graph_endpoint="https://graph.chinacloudapi.cn/",  # rules: no-places -- shown to clients
        management_endpoint="https://management.core.chinacloudapi.cn/",  # rules: no-places -- shown to clients
        storage_endpoint_suffix="core.chinacloudapi.cn",
    ),
    AzureEnvironment(
        name="AzureUSGovernment",
        display_name="Azure US Government",
        authentication_endpoint="https://login.microsoftonline.us/",  # rules: no-places -- shown to clients
        resource_manager_endpoint="https://management.usgovcloudapi.net/",  # rules: no-places -- shown to clients
        graph_endpoint="https://graph.windows.net/",  # rules: no-places -- shown to clients
        management_endpoint="https://management.core.usgovcloudapi.net/",  # rules: no-places -- shown to clients
        storage_endpoint_suffix="core.usgovcloudapi.net",
    ),
)
