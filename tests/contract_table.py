"""Which interface of the contract each answer must have, for every route that reads and has one.

The names are those of `@octopusdeploy/message-contracts`. A route that reads JSON and stands in neither table fails
`test_contract_types.py`: whoever adds a route looks for its interface first.
"""

from __future__ import annotations

__all__ = ["LACKING", "TYPED", "UNTYPED", "VALUES"]


def _kind(path: str, interface: str) -> dict[str, str]:
    """A collection: its list, `/all`, and one of it."""
    return {
        path: f"C.ResourceCollection<{interface}>",
        f"{path}/all": f"ReadonlyArray<{interface}>",
        f"{path}/{{id}}": interface,
    }


TYPED: dict[str, str] = {
    "/": "C.RootResource",
    "/{spaceId}": "C.SpaceRootResource",
    "/users/me": "C.UserResource",
    **_kind("/users", "C.UserResource"),
    "/users/{id}/teams": "ReadonlyArray<C.ProjectedTeamReferenceDataItem>",
    "/users/{id}/permissions": "C.UserPermissionSetResource",
    "/users/{id}/apikeys": "C.ResourceCollection<C.ApiKeyResource>",
    "/users/{id}/apikeys/{key_id}": "C.ApiKeyResource",
    "/authentication": "C.AuthenticationResource",
    "/permissions/all": "C.PermissionDescriptions",
    "/events": "C.ResourceCollection<C.EventResource>",
    "/events/{id}": "C.EventResource",
    "/events/categories": "ReadonlyArray<C.EventCategoryResource>",
    "/events/groups": "ReadonlyArray<C.EventGroupResource>",
    "/events/agents": "ReadonlyArray<C.EventAgentResource>",
    "/events/documenttypes": "ReadonlyArray<C.DocumentTypeResource>",
    **_kind("/spaces", "C.SpaceResource"),
    "/octopusservernodes": "C.ResourceCollection<C.OctopusServerNodeResource>",
    "/octopusservernodes/summary": "C.OctopusServerClusterSummaryResource",
    "/octopusservernodes/ping": "C.OctopusServerNodeResource",
    "/octopusservernodes/{id}": "C.OctopusServerNodeResource",
    "/serverstatus": "C.ServerStatusResource",
    "/serverstatus/health": "C.ServerStatusHealthResource",
    "/serverstatus/system-info": "C.SystemInfoResource",
    "/serverstatus/timezones": "ReadonlyArray<C.ServerTimezoneResource>",
    "/serverstatus/logs": "ReadonlyArray<C.ActivityLogElement>",
    "/environments/summary": "C.EnvironmentsSummaryResource",
    "/environments/{id}/machines": "C.ResourceCollection<C.DeploymentTargetResource>",
    **_kind("/environments", "C.EnvironmentResource"),
    "/machines/{id}/connection": "C.MachineConnectionStatus",
    "/machines/{id}/tasks": "C.ResourceCollection<C.TaskResource>",
    "/machineroles/all": "ReadonlyArray<string>",
    "/machines/operatingsystem/names/all": "ReadonlyArray<string>",
    "/machines/operatingsystem/shells/all": "ReadonlyArray<string>",
    **_kind("/machines", "C.DeploymentTargetResource"),
    "/machines/discover": "C.DeploymentTargetResource",
    "/machinepolicies/template": "C.MachinePolicyResource",
    "/machinepolicies/{id}/machines": "C.ResourceCollection<C.DeploymentTargetResource>",
    **_kind("/machinepolicies", "C.MachinePolicyResource"),
    "/accounts/{id}/usages": "C.AccountUsageResource",
    **_kind("/accounts", "C.AccountResource"),
    **_kind("/proxies", "C.ProxyResource"),
    **_kind("/certificates", "C.CertificateResource"),
    "/certificates/{id}/usages": "C.CertificateUsageResource",
    "/configuration/certificates": "C.ResourceCollection<C.CertificateConfigurationResource>",
    "/configuration/certificates/{id}": "C.CertificateConfigurationResource",
    **_kind("/workers", "C.WorkerMachineResource"),
    **_kind("/workerpools", "C.WorkerPoolResource"),
    "/workerpools/summary": "C.WorkerPoolsSummaryResource",
    "/workerpools/{id}/workers": "C.ResourceCollection<C.WorkerMachineResource>",
    "/workerpools/supportedtypes": "C.WorkerPoolsSupportedTypes",
    **_kind("/lifecycles", "C.LifecycleResource"),
    "/lifecycles/previews": "ReadonlyArray<C.LifecycleResource>",
    "/lifecycles/{id}/preview": "C.LifecycleResource",
    "/lifecycles/{id}/projects": "ReadonlyArray<C.ProjectResource>",
    "/projects/{project_id}/channels": "C.ResourceCollection<C.ChannelResource>",
    "/projects/{project_id}/channels/{id}": "C.ChannelResource",
    **_kind("/channels", "C.ChannelResource"),
    "/channels/rule-test": "C.VersionRuleTestResponse",
    "/channels/{id}/releases": "C.ResourceCollection<C.ReleaseResource>",
    **_kind("/projectgroups", "C.ProjectGroupResource"),
    "/projectgroups/{id}/projects": "C.ResourceCollection<C.ProjectResource>",
    **_kind("/projects", "C.ProjectResource"),
    "/projects/{id}/summary": "C.ProjectSummary",
    "/projects/{id}/metadata": "ReadonlyArray<C.ProjectSettingsMetadata>",
    "/projects/{id}/deploymentprocesses": "C.DeploymentProcessResource",
    "/projects/{id}/variables": "C.VariableSetResource",
    "/projects/{id}/deploymentsettings": "C.DeploymentSettingsResource",
    "/projects/{id}/releases": "C.ResourceCollection<C.ReleaseResource>",
    "/projects/{id}/releases/{version}": "C.ReleaseResource",
    "/projects/{id}/progression": "C.ProgressionResource",
    "/progression/{project_id}": "C.ProgressionResource",
    "/deploymentsettings/{id}": "C.DeploymentSettingsResource",
    "/deploymentprocesses": "C.ResourceCollection<C.DeploymentProcessResource>",
    "/deploymentprocesses/{id}": "C.DeploymentProcessResource",
    "/deploymentprocesses/{id}/template": "C.ReleaseTemplateResource",
    "/projects/{id}/deploymentprocesses/template": "C.ReleaseTemplateResource",
    "/variables/all": "ReadonlyArray<C.VariableSetResource>",
    "/variables/names": "ReadonlyArray<string>",
    "/variables/preview": "C.VariableSetResource",
    "/variables/{id}": "C.VariableSetResource",
    **_kind("/releases", "C.ReleaseResource"),
    "/releases/{id}/progression": "C.LifecycleProgressionResource",
    "/releases/{id}/defects": "C.ResourceCollection<C.DefectResource>",
    "/releases/{id}/deployments": "C.ResourceCollection<C.DeploymentResource>",
    "/releases/{id}/deployments/template": "C.DeploymentTemplateResource",
    "/releases/{id}/deployments/preview/{environment}": "C.DeploymentPreviewResource",
    "/deployments": "C.ResourceCollection<C.DeploymentResource>",
    "/deployments/{id}": "C.DeploymentResource",
    "/dashboard": "C.DashboardResource",
    "/dashboard/dynamic": "C.DashboardResource",
    "/dashboardconfiguration": "C.DashboardConfigurationResource",
    "/tasks": "C.ResourceCollection<C.TaskResource>",
    "/tasks/tasktypes": "ReadonlyArray<C.TaskTypeResource>",
    "/tasks/{id}": "C.TaskResource",
    "/tasks/{id}/queued-behind": "C.ResourceCollection<C.TaskResource>",
    "/tasks/{id}/details": "C.TaskDetailsResource",
    "/interruptions": "C.ResourceCollection<C.InterruptionResource>",
    "/interruptions/{id}": "C.InterruptionResource",
    "/artifacts": "C.ResourceCollection<C.ArtifactResource>",
    "/artifacts/{id}": "C.ArtifactResource",
    "/packages": "C.ResourceCollection<C.PackageFromBuiltInFeedResource>",
    "/packages/{id}": "C.PackageFromBuiltInFeedResource",
    "/build-information": "C.ResourceCollection<C.OctopusPackageVersionBuildInformationMappedResource>",
    "/build-information/{id}": "C.OctopusPackageVersionBuildInformationMappedResource",
    **_kind("/feeds", "C.FeedResource"),
    "/feeds/stats": "C.BuiltInFeedStatsResource",
    "/feeds/{id}/packages/search": "C.ResourceCollection<C.PackageDescriptionResource>",
    "/feeds/{id}/packages/versions": "C.ResourceCollection<C.PackageVersionResource>",
    "/serverconfiguration": "C.ServerConfigurationResource",
    "/maintenanceconfiguration": "C.MaintenanceConfigurationResource",
    "/featuresconfiguration": "C.FeaturesConfigurationResource",
    "/performanceconfiguration": "C.PerformanceConfigurationResource",
    "/licenses/licenses-current": "C.LicenseResource",
    "/licenses/licenses-current-status": "C.LicenseStatusResource",
    "/scheduler": "C.ScheduledTaskDetailsResource",
    "/spaces/{id}/search": "ReadonlyArray<C.SpaceSearchResult>",
}
"""Route and interface; a route that does not exist yet is left aside until it does."""

UNTYPED: dict[str, str] = {
    "/octopusservernodes/{id}/details": "the contract has a number where the field's servers answer a list",
    "/capabilities": "newer than the contract's interfaces",
    "/configuration/feature-toggles": "newer than the contract's interfaces",
    "/tasks/{id}/explain": "our own",
    "/tasks/{id}/log": "our own",
    "/tasks/{id}/status/messages": "newer than the contract's interfaces",
    "/interruptions/{id}/responsible": "a user or nothing",
    "/gurita/agent/bootstrap": "our own",
    "/openapi.json": "a description, not a resource",
}
"""Routes that read JSON the contract has no interface for, and why."""

LACKING: dict[tuple[str, str], str] = {}
"""What an answer may lack, by interface and member, and why: a feature that is not there, or types that never say null."""

VALUES: dict[tuple[str, str], tuple[str, str, str]] = {
    ("", "{environment}"): ("/environments", "Id", "{}"),
    ("", "{project_id}"): ("/projects", "Id", "{}"),
    ("", "{version}"): ("", "Version", "{}"),
    ("/deploymentsettings/{id}", "{id}"): ("/projects", "Id", "deploymentsettings-{}"),
    ("/variables/{id}", "{id}"): ("/projects", "VariableSetId", "{}"),
}
"""Where values for a route's parameter come from, if not from the `Id` of what the path before it lists:

a list, the member of its items, and what is made of it.
"""
