"""First segments of paths below /api, which no space's slug may be."""

from __future__ import annotations

from gurita.http.link_table import SPACE_LINKS, SYSTEM_LINKS

__all__ = ["TAKEN"]


def _first(template: str) -> str:
    return template.partition("{")[0].partition("/")[0].lower()


_WORDS = """
    agents api app artifacts audit-stream azuredevopsissuetracker build-information capabilities
    certificates channels cloudtemplate configuration dashboard dashboardconfiguration deploymentfreezes
    deploymentprocesses deployments deploymentsettings deploymenttargettags deprecations diagnostics
    environments ephemeralenvironments eventretentionconfiguration events experimental featuretoggles git-credentials gurita icons
    insights interruptions jiraintegration letsencryptconfiguration licenses lifecycles machineroles
    machines maintenanceconfiguration nuget observability octopusservernodes openapi openapi.json packages
    parentenvironments permissions platformhub processtemplates progression projects projecttriggers
    proxies ratelimitingpolicies registration releases reporting retentionpolicies runbook-runs
    runbookprocesses runbookruns runbooks runbooksnapshots scheduler serviceaccounts
    signingkeyconfiguration spaces subscriptions tasks teammembership teams telemetry tenants
    tenantvariables token users variables variablesets workers workertaskleases
"""
TAKEN = frozenset(_WORDS.split()) | {
    word for template in (*SYSTEM_LINKS.values(), *SPACE_LINKS.values()) if (word := _first(template))
}
"""What clients of the field use, whether it is served here yet or not: a space must not stand in its way later."""
