# Helpers for PowerShell scripts: variables in, service messages out. First argument: the script; the rest: its arguments.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
$OctopusParameters = New-Object 'System.Collections.Generic.Dictionary[string,string]' ([StringComparer]::OrdinalIgnoreCase)
# Values come in Base64: of plain texts the reader would turn those that look like dates into dates.
$_guritaRead = Get-Content -Raw -Encoding UTF8 -Path (Join-Path $PSScriptRoot 'variables.json') | ConvertFrom-Json -AsHashtable

function Convert-ServiceMessageValue([string]$value) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($value)) }
function ConvertFrom-ServiceMessageValue([string]$value) { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($value)) }

# By enumerator: a variable called Keys would stand for the dictionary's own member.
foreach ($_guritaEntry in $_guritaRead['variables'].GetEnumerator()) {
    $OctopusParameters[$_guritaEntry.Key] = ConvertFrom-ServiceMessageValue $_guritaEntry.Value
}

function Write-GuritaMessage([string]$name, [System.Collections.IDictionary]$attributes) {
    $line = "##octopus[$name"
    foreach ($key in $attributes.Keys) {
        if ($null -ne $attributes[$key]) { $line += " $key='" + (Convert-ServiceMessageValue ([string]$attributes[$key])) + "'" }
    }
    [Console]::Out.WriteLine($line + ']')
}

function Write-GuritaLevel([string]$level, [string]$message) {
    [Console]::Out.WriteLine("##octopus[stdout-$level]")
    [Console]::Out.WriteLine($message)
    [Console]::Out.WriteLine('##octopus[stdout-default]')
}

# Every parameter that was given becomes an attribute of the same name; a switch becomes True or False.
function Write-GuritaBound([string]$name, [System.Collections.IDictionary]$bound, [bool]$updates) {
    $attributes = [ordered]@{}
    foreach ($key in $bound.Keys) {
        if ($key -ne 'updateIfExisting') {
            $attributes[$key.Substring(0, 1).ToLowerInvariant() + $key.Substring(1)] = [string]$bound[$key]
        }
    }
    if ($updates) { $attributes['updateIfExisting'] = [string]($bound['updateIfExisting'] -eq $true) }
    Write-GuritaMessage $name $attributes
}

function Get-OctopusVariable([string]$Name) { if ($OctopusParameters.ContainsKey($Name)) { $OctopusParameters[$Name] } else { '' } }

function Set-OctopusVariable([string]$Name, [string]$Value, [switch]$Sensitive) {
    $attributes = [ordered]@{ name = $Name; value = $Value }
    if ($Sensitive) { $attributes['sensitive'] = 'True' }
    Write-GuritaMessage 'setVariable' $attributes
    $OctopusParameters[$Name] = $Value
}

# Takes files from a pipeline, too: Get-ChildItem *.log | New-OctopusArtifact
function New-OctopusArtifact {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)][Alias('FullName')][string]$Path,
        [Parameter(Position = 1, ValueFromPipelineByPropertyName)][string]$Name
    )
    process {
        $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
        $shown = if ($Name) { $Name } else { [IO.Path]::GetFileName($full) }
        $length = if ([IO.File]::Exists($full)) { (New-Object IO.FileInfo $full).Length } else { 0 }
        Write-GuritaLevel 'verbose' "Artifact $shown will be collected from $full after this step completes"
        Write-GuritaMessage 'createArtifact' ([ordered]@{ path = $full; name = $shown; length = $length })
    }
}

function Update-Progress([int]$Percentage, [string]$Message) {
    Write-GuritaMessage 'progress' ([ordered]@{ percentage = $Percentage; message = $Message })
}

function Fail-Step([string]$Message) {
    if ($Message) { Write-GuritaMessage 'resultMessage' ([ordered]@{ message = $Message }) }
    exit 1
}

# As the cmdlets whose place two of them take: they read a pipeline, and let -Verbose and -WarningAction through.
function Write-Verbose {
    [CmdletBinding()] param([Parameter(Position = 0, ValueFromPipeline)][Alias('Msg')][string]$Message)
    process { Write-GuritaLevel 'verbose' $Message }
}
function Write-Highlight {
    [CmdletBinding()] param([Parameter(Position = 0, ValueFromPipeline)][string]$Message)
    process { Write-GuritaLevel 'highlight' $Message }
}
function Write-Wait {
    [CmdletBinding()] param([Parameter(Position = 0, ValueFromPipeline)][string]$Message)
    process { Write-GuritaLevel 'wait' $Message }
}
function Write-Warning {
    [CmdletBinding()] param([Parameter(Position = 0, ValueFromPipeline)][Alias('Msg')][string]$Message)
    process { Write-GuritaLevel 'warning' $Message }
}

function Set-EnvironmentState([string]$Key, [string]$Value, [switch]$Sensitive) {
    $attributes = [ordered]@{ key = $Key; value = $Value; type = 'State' }
    if ($Sensitive) { $attributes['sensitive'] = 'True' }
    Write-GuritaMessage 'set-environmentstate' $attributes
}
function Set-EnvironmentUrl([string]$Key, [string]$Url) {
    Write-GuritaMessage 'set-environmentstate' ([ordered]@{ key = $Key; value = $Url; type = 'Url' })
}

function New-OctopusTarget([string]$name, [string]$targetId, [string]$inputs, [string]$roles, [string]$workerPoolIdOrName, [switch]$updateIfExisting) {
    Write-GuritaMessage 'createStepPackageTarget' ([ordered]@{
        name = $name; targetId = $targetId; inputs = $inputs; octopusRoles = $roles
        octopusDefaultWorkerPoolIdOrName = $workerPoolIdOrName; updateIfExisting = [string][bool]$updateIfExisting
    })
}
function New-OctopusAzureWebAppTarget(
    [string]$name, [string]$azureWebApp, [string]$azureWebAppSlot, [string]$azureResourceGroupName, [string]$octopusAccountIdOrName,
    [string]$octopusRoles, [switch]$updateIfExisting, [string]$octopusDefaultWorkerPoolIdOrName
) { Write-GuritaBound 'create-azurewebapptarget' $PSBoundParameters $true }
function New-OctopusAzureServiceFabricTarget(
    [string]$name, [string]$azureConnectionEndpoint, [string]$azureSecurityMode, [string]$azureCertificateThumbprint,
    [string]$azureActiveDirectoryUsername, [string]$azureActiveDirectoryPassword, [string]$certificateStoreLocation,
    [string]$certificateStoreName, [string]$octopusCertificateIdOrName, [string]$octopusRoles, [switch]$updateIfExisting,
    [string]$octopusDefaultWorkerPoolIdOrName
) { Write-GuritaBound 'create-azureservicefabrictarget' $PSBoundParameters $true }
function New-OctopusKubernetesTarget(
    [string]$name, [string]$octopusRoles, [string]$clusterUrl, [string]$octopusAccountIdOrName,
    [string]$octopusClientCertificateIdOrName, [string]$octopusServerCertificateIdOrName, [string]$clusterName,
    [string]$clusterResourceGroup, [string]$clusterAdminLogin, [string]$namespace, [switch]$updateIfExisting,
    [string]$skipTlsVerification, [string]$octopusDefaultWorkerPoolIdOrName, [string]$healthCheckContainerImageFeedIdOrName,
    [string]$healthCheckContainerImage, [string]$clusterProject, [string]$clusterRegion, [string]$clusterZone,
    [string]$clusterImpersonateServiceAccount, [string]$clusterServiceAccountEmails, [string]$clusterUseVmServiceAccount,
    [switch]$awsUseWorkerCredentials, [string]$awsAssumeRoleArn, [string]$awsAssumeRoleSession,
    [string]$awsAssumeRoleSessionDurationSeconds, [string]$awsAssumeRoleExternalId
) { Write-GuritaBound 'create-kubernetestarget' $PSBoundParameters $true }
function New-OctopusAwsEcsTarget(
    [string]$name, [string]$clusterName, [string]$region, [string]$octopusAccountIdOrName, [string]$octopusRoles,
    [switch]$updateIfExisting, [string]$octopusDefaultWorkerPoolIdOrName
) { Write-GuritaBound 'create-aws-ecs-target' $PSBoundParameters $true }
function Remove-OctopusTarget([string]$targetIdOrName) {
    Write-GuritaMessage 'delete-target' ([ordered]@{ machine = $targetIdOrName })
}

function New-OctopusTokenAccount([string]$name, [string]$token, [switch]$updateIfExisting) {
    Write-GuritaBound 'create-tokenaccount' $PSBoundParameters $true
}
function New-OctopusUserPassAccount([string]$name, [string]$username, [string]$password, [switch]$updateIfExisting) {
    Write-GuritaBound 'create-userpassaccount' $PSBoundParameters $true
}
function New-OctopusAwsAccount([string]$name, [string]$secretKey, [string]$accessKey, [switch]$updateIfExisting) {
    Write-GuritaBound 'create-awsaccount' $PSBoundParameters $true
}
function New-OctopusAzureServicePrincipalAccount(
    [string]$name, [Alias('azureSubscription')][string]$azureSubscriptionId, [string]$azureApplicationId, [string]$azureTenantId,
    [string]$azurePassword, [string]$azureEnvironment, [string]$azureBaseUri,
    [Alias('azureResourceManagementUri')][string]$azureResourceManagementBaseUri, [switch]$updateIfExisting
) { Write-GuritaBound 'create-azureaccount' $PSBoundParameters $true }

function Report-KubernetesManifest([string]$Manifest, [string]$Namespace) {
    Write-GuritaMessage 'k8s-manifest-applied' ([ordered]@{ manifest = $Manifest; ns = $Namespace })
}
function Report-KubernetesManifestFile([string]$Path, [string]$Namespace) {
    Report-KubernetesManifest (Get-Content -Raw -Path $Path) $Namespace
}
function Log-EnvironmentInformation {
    Write-GuritaLevel 'verbose' "PowerShell $($PSVersionTable.PSVersion) as $([Environment]::UserName) on $([Environment]::MachineName), process $PID, in $PWD"
}

# Arguments as a command line has them: names stay bare and everything else is quoted, so that PowerShell binds them itself.
$_guritaCall = '. $_guritaScript'
for ($_guritaAt = 1; $_guritaAt -lt $args.Count; $_guritaAt++) {
    $_guritaWord = $args[$_guritaAt]
    $_guritaText = [Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent([string]$_guritaWord)
    $_guritaCall += if ($_guritaWord -is [bool]) { ' $' + $_guritaWord }
        elseif ($_guritaText -match '^-[A-Za-z_]\w*:?$') { " $_guritaText" }
        elseif ($_guritaText -match '^(-[A-Za-z_]\w*:)(\$(?:true|false))$') { " $_guritaText" }
        elseif ($_guritaText -match '(?s)^(-[A-Za-z_]\w*:)(.*)$') { " $($Matches[1])'$($Matches[2])'" }
        else { " '$_guritaText'" }
}

# Variables by their names without signs, where such a name is free.
$_guritaTaken = 'LASTEXITCODE', 'Matches', 'PSItem', 'this', 'input', 'foreach', 'switch', 'event', 'sender'
foreach ($_guritaEntry in $OctopusParameters.GetEnumerator()) {
    $_guritaWord = $_guritaEntry.Key -replace '[^A-Za-z0-9_]', ''
    if (-not $_guritaWord -or $_guritaWord -like '_gurita*' -or $_guritaTaken -contains $_guritaWord) { continue }
    if (-not (Get-Variable -Name $_guritaWord -ErrorAction SilentlyContinue)) {
        Set-Variable -Name $_guritaWord -Value $_guritaEntry.Value
    }
}
if ($_guritaRead['environment']) { Log-EnvironmentInformation }
foreach ($_guritaWord in $_guritaRead['warnings']) { Write-Warning $_guritaWord }
$_guritaScript = $args[0]
$_guritaModules = Join-Path $PSScriptRoot 'modules'
if (Test-Path $_guritaModules) {
    foreach ($_guritaFile in (Get-ChildItem -Path $_guritaModules -Filter *.ps1 | Sort-Object Name)) { . $_guritaFile.FullName }
}
Invoke-Expression $_guritaCall
# Asked so because a script may have set strict mode, in which a variable that nothing has set is an error.
if (Test-Path variable:global:LASTEXITCODE) { exit $global:LASTEXITCODE }
