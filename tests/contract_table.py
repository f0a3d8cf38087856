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
    "/": 'Omit<C.RootResource, "Links"> & { Links: C.GlobalRootLinks }',
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
    "/environments/{id}/metadata": "ReadonlyArray<C.ProjectSettingsMetadata>",
    "/environments/{id}/singlyScopedVariableDetails": "C.VariablesScopedToEnvironmentResponse",
    "/environments/summary/v2": "C.EnvironmentsSummaryResource",
    "/environments/v2": "C.ResourceCollection<C.EnvironmentResource>",
    "/environments/{id}/v2": "C.EnvironmentResource",
    **_kind("/environments", "C.EnvironmentResource"),
    "/machines/{id}/connection": "C.MachineConnectionStatus",
    "/machines/{id}/singlyScopedVariableDetails": "C.VariablesScopedToEnvironmentResponse",
    "/machines/{id}/tasks": "C.ResourceCollection<C.TaskResource>",
    "/machineroles/all": "ReadonlyArray<string>",
    "/machines/operatingsystem/names/all": "ReadonlyArray<string>",
    "/machines/operatingsystem/shells/all": "ReadonlyArray<string>",
    **_kind("/machines", "C.DeploymentTargetResource"),
    "/machines/discover": "C.DeploymentTargetResource",
    "/machinepolicies/template": "C.MachinePolicyResource",
    "/machinepolicies/{id}/machines": "C.ResourceCollection<C.DeploymentTargetResource>",
    "/machinepolicies/{id}/workers": "C.ResourceCollection<C.WorkerMachineResource>",
    **_kind("/machinepolicies", "C.MachinePolicyResource"),
    "/accounts/{id}/usages": "C.AccountUsageResource",
    "/accounts/azureenvironments": "ReadonlyArray<C.AzureEnvironment>",
    **_kind("/accounts", "C.AccountResource"),
    **_kind("/proxies", "C.ProxyResource"),
    **_kind("/certificates", "C.CertificateResource"),
    "/certificates/{id}/usages": "C.CertificateUsageResource",
    "/configuration/certificates": "C.ResourceCollection<C.CertificateConfigurationResource>",
    "/configuration/certificates/{id}": "C.CertificateConfigurationResource",
    **_kind("/workers", "C.WorkerMachineResource"),
    "/workers/discover": "C.WorkerMachineResource",
    "/workers/operatingsystem/names/all": "ReadonlyArray<string>",
    "/workers/operatingsystem/shells/all": "ReadonlyArray<string>",
    "/workers/{id}/connection": "C.MachineConnectionStatus",
    "/workers/{id}/tasks": "C.ResourceCollection<C.TaskResource>",
    "/workerpools/dynamicworkertypes": "ReadonlyArray<C.DynamicWorkerType>",
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
    "/projects/experimental/summaries": "ReadonlyArray<C.ProjectSummaryResource>",
    "/projects/{id}/triggers": "C.ResourceCollection<C.TriggerResource>",
    "/projects/{id}/runbooks": "C.ResourceCollection<C.RunbookResource>",
    "/projects/{id}/runbookSnapshots": "C.ResourceCollection<C.RunbookSnapshotResource>",
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
    "/tasks/{id}/blocked-by": "C.ResourceCollection<C.TaskResource>",
    "/tasks/{id}/details": "C.TaskDetailsResource",
    "/interruptions": "C.ResourceCollection<C.InterruptionResource>",
    "/interruptions/{id}": "C.InterruptionResource",
    "/artifacts": "C.ResourceCollection<C.ArtifactResource>",
    "/artifacts/{id}": "C.ArtifactResource",
    "/packages": "C.ResourceCollection<C.PackageFromBuiltInFeedResource>",
    "/packages/{id}": "C.PackageFromBuiltInFeedResource",
    "/build-information": "C.ResourceCollection<C.OctopusPackageVersionBuildInformationMappedResource>",
    "/build-information/{id}": "C.OctopusPackageVersionBuildInformationMappedResource",
    "/package-metadata": "C.ResourceCollection<C.OctopusPackageVersionBuildInformationMappedResource>",
    "/package-metadata/{id}": "C.OctopusPackageVersionBuildInformationMappedResource",
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
    "/configuration/retention-default": "C.RetentionDefaultConfigurationResource",
    "/scheduler/{name}/logs": "C.ScheduledTaskDetailsResource",
    "/configuration": "ReadonlyArray<C.SettingsMetadataItemResource>",
    "/configuration/{id}": "C.SettingsMetadataItemResource",
    "/configuration/{id}/values": "C.SettingsValuesResource",
    "/configuration/{id}/metadata": "C.MetadataTypeCollection",
    "/serverconfiguration/settings": "ReadonlyArray<C.ServerConfigurationSettingsSetResource>",
    "/serverstatus/counts": "C.ServerDocumentCounts",
    "/serverstatus/extensions": "ReadonlyArray<C.ExtensionsInfoResource>",
    "/smtpconfiguration": "C.SmtpConfigurationResource",
    "/smtpconfiguration/isconfigured": "C.SmtpIsConfiguredResource",
    "/letsencryptconfiguration": "C.LetsEncryptConfigurationResource",
    "/upgradeconfiguration": "C.UpgradeConfigurationResource",
    "/externalsecuritygroupproviders": "ReadonlyArray<C.ExternalSecurityGroupProviderResource>",
    "/dynamic-extensions/features/metadata": "C.DynamicExtensionsFeaturesMetadataResource",
    "/dynamic-extensions/features/values": "C.DynamicExtensionsFeaturesValuesResource",
    "/dynamic-extensions/scripts": "C.DynamicExtensionsScriptsResource",
    "/communityactiontemplates": "C.ResourceCollection<C.CommunityActionTemplateResource>",
    "/useronboarding": "C.OnboardingResource",
    "/users/authentication": "C.UserAuthenticationResource",
    "/users/authentication/{id}": "C.UserAuthenticationResource",
    "/users/identity-metadata": "C.UserIdentityMetadataResource",
    "/users/{id}/permissions/configuration": "C.UserPermissionSetResource",
    "/users/{id}/spaces": "ReadonlyArray<C.SpaceResource>",
    "/projects/{id}/channels/{channel}/releases": "C.ResourceCollection<C.ReleaseResource>",
    "/projects/{id}/releases/{release_id}/variables": "ReadonlyArray<C.VariableSetResource>",
    "/search": "ReadonlyArray<C.SpaceSearchResult>",
}
"""Route and interface; a route that does not exist yet is left aside until it does."""

UNTYPED: dict[str, str] = {
    "/octopusservernodes/{id}/details": "the contract has a number where the field's servers answer a list",
    "/capabilities": "newer than the contract's interfaces",
    "/configuration/feature-toggles": "newer than the contract's interfaces",
    "/tasks/{id}/explain": "our own",
    "/channels/{id}/explain": "our own",
    "/accounts/{id}/pk": "the public half of a key",
    "/machines/summary": "counts the contract has no interface for",
    "/reporting/deployments-counted-by-week": "the contract has no interface for it",
    "/retentionpolicies": "newer than the contract's interfaces",
    "/retentionpolicies/{id}": "newer than the contract's interfaces",
    "/scheduler": "the contract has no interface for the list of its tasks",
    "/serverstatus/activities": "the contract has no interface for it",
    "/issuetrackers": "the contract has no interface for it",
    "/workertoolslatestimages": "an empty map: there are none",
    "/users/external-search": "there are no other directories to search",
    "/communityactiontemplates/{id}": "there are none",
    "/releases/{id}/deployments/preview/{environment}/{tenant}": "there are no tenants",
    "/releases/{id}/missingpackages": "the contract has no interface for it",
    "/feeds/{id}/packages": "the search of clients older than the contract's interfaces",
    "/feeds/{id}/packages/notes": "the contract has no interface for notes",
    "/packages/notes": "the contract has no interface for notes",
    "/tasks/{id}/log": "our own",
    "/tasks/{id}/status/messages": "newer than the contract's interfaces",
    "/interruptions/{id}/responsible": "a user or nothing",
    "/gurita/agent/bootstrap": "our own",
    "/openapi.json": "a description, not a resource",
}
"""Routes that read JSON the contract has no interface for, and why."""

_NULL = "null until there is one: the contract's types never say null, its servers do"


def _nulls(interface: str, *members: str) -> dict[tuple[str, str], str]:
    return {(interface, f"{member}: null"): _NULL for member in members}


def _links(interface: str, reason: str, names: str) -> dict[tuple[str, str], str]:
    """Links that are not there."""
    return {(interface, f"Links.{name}: missing"): reason for name in names.split()}


_ROOT, _SPACE = TYPED["/"], "C.SpaceRootResource"
_BUILT = "C.OctopusPackageVersionBuildInformationMappedResource"
_OF_BUILD = ("Commits[].LinkUrl", "IncompleteDataWarning", "IssueTrackerId", "VcsCommitUrl")

LACKING: dict[tuple[str, str], str] = {
    **_nulls("C.ApiKeyResource", "Expires"),
    **_nulls("C.DeploymentTargetResource", "Endpoint.Id", "Endpoint.Name"),
    **_nulls("C.WorkerMachineResource", "Endpoint.Id", "Endpoint.Name"),
    **_nulls("C.EventResource", "Comments", "Details"),
    **_nulls("C.InterruptionResource", "Form.Values.{}", "ResponsibleUserId"),
    **_nulls("C.MachineConnectionStatus", "LastChecked"),
    **_nulls(
        "C.MachinePolicyResource",
        "MachineHealthCheckPolicy.BashHealthCheckPolicy.ScriptBody",
        "MachineHealthCheckPolicy.PowerShellHealthCheckPolicy.ScriptBody",
        "MachineUpdatePolicy.TentacleUpdateAccountId",
    ),
    **_nulls(
        "C.LetsEncryptConfigurationResource",
        *("CertificateExpiryDate", "CertificateThumbprint", "DnsName", "IPAddress", "Path"),
        "RegistrationEmailAddress",
    ),
    **_nulls("C.SmtpConfigurationResource", "SendEmailFrom", "SmtpHost"),
    **_nulls("C.UserPermissionSetResource", "SpacePermissions.{}[].SpaceId"),
    **_nulls(_BUILT, *_OF_BUILD),
    **_nulls(
        "C.PackageFromBuiltInFeedResource",
        *("Description", "ReleaseNotes", "Summary"),
        *(f"PackageVersionBuildInformation.{member}" for member in _OF_BUILD),
    ),
    **_nulls("C.ProjectResource", "ClonedFromProjectId", "ReleaseCreationStrategy.ReleaseCreationPackage"),
    **_nulls(
        "C.ServerStatusResource",
        *("MaintenanceExpires", "MaximumAvailableVersion", "MaximumAvailableVersionCoveredByLicense"),
    ),
    (
        "C.DashboardResource",
        "PreviousItems: missing",
    ): "a client of the contract refuses dashboards that have it",
    **{
        (
            "C.UserPermissionSetResource",
            f"SystemPermissions[]: {name}",
        ): "permissions newer than the interfaces"
        for name in (
            *("EventRetentionDelete", "EventRetentionView", "PlatformHubEdit", "PlatformHubView"),
            *("RetentionAdminister", "TaskPrioritize", "TaskViewLog"),
        )
    },
    **_links(
        _SPACE,
        "step templates are not there yet",
        "ActionTemplateLogo ActionTemplateVersionedLogo ActionTemplates ActionTemplatesCategories ActionTemplatesSearch",
    ),
    **_links(
        _SPACE,
        "moving projects between servers is not there yet",
        "ExportProjects ImportProjects ProjectImportFiles ProjectImportPreview",
    ),
    **_links(_SPACE, "variable sets of the library are not there yet", "LibraryVariables"),
    **_links(_SPACE, "a page of the contract's own portal", "ProjectPulse"),
    **_links(_SPACE, "triggers are not there yet", "ProjectTriggers"),
    **_links(
        _SPACE,
        "runbooks are not there yet",
        "RunbookProcesses RunbookRuns RunbookSnapshots Runbooks",
    ),
    **_links(_SPACE, "subscriptions are not there yet", "Subscriptions"),
    **_links(
        _SPACE,
        "tenants are not there yet",
        "TagSetSortOrder TagSets TenantTagTest TenantVariables Tenants TenantsMissingVariables TenantsStatus",
    ),
    **_links(_ROOT, "invitations are not there yet", "Invitations Register"),
    **_links(
        _ROOT,
        "issue trackers of others are not there yet",
        "JiraConnectAppCredentialsTest JiraCredentialsTest",
    ),
    **_links(
        _ROOT,
        "moving projects between servers is not there yet",
        "MigrationsImport MigrationsPartialExport",
    ),
    **_links(_ROOT, "plugins of the contract's own portal", "CloudTemplate StepPackageDeploymentTargetTypes"),
    **_links(_ROOT, "mail is not there yet", "SmtpConfiguration"),
    **_links(_ROOT, "projects in Git are not there yet", "VersionControlClearCache"),
}
"""What an answer may lack, by interface and member, and why: a feature that is not there, or types that never say null."""

VALUES: dict[tuple[str, str], tuple[str, str, str]] = {
    ("", "{environment}"): ("/environments", "Id", "{}"),
    ("", "{project_id}"): ("/projects", "Id", "{}"),
    ("", "{version}"): ("", "Version", "{}"),
    ("/tasks/rerun/{id}", "{id}"): ("/tasks", "Id", "{}"),
    ("/scheduler/{name}/logs", "{name}"): ("/api/scheduler", "Name", "{}"),
    ("/scheduler/{name}/trigger", "{name}"): ("/api/scheduler", "Name", "{}"),
    ("/users/authentication/{id}", "{id}"): ("/api/users", "Id", "{}"),
    ("/communityactiontemplates/{id}", "{id}"): ("", "", "CommunityActionTemplates-1"),
    ("", "{tenant}"): ("", "", "Tenants-1"),
    ("", "{package_id}"): ("/packages", "PackageId", "{}"),
    ("", "{base_version}"): ("/packages", "Version", "{}"),
    ("/packages/{package_id}/{version}/delta-signature", "{version}"): ("/packages", "Version", "{}"),
    ("/deploymentsettings/{id}", "{id}"): ("/projects", "Id", "deploymentsettings-{}"),
    ("/variables/{id}", "{id}"): ("/projects", "VariableSetId", "{}"),
}
"""Where values for a route's parameter come from, if not from the `Id` of what the path before it lists:

a list below the space or /api, the member of its items, and what is made of it. No member: there are none of the kind yet.
"""
