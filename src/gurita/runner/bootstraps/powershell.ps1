# Helpers for PowerShell scripts: variables in, service messages out. First argument: the script; the rest: its arguments.
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
$OctopusParameters = New-Object 'System.Collections.Generic.Dictionary[string,string]' ([StringComparer]::OrdinalIgnoreCase)
$_guritaRead = Get-Content -Raw -Encoding UTF8 -Path (Join-Path $PSScriptRoot 'variables.json') | ConvertFrom-Json
foreach ($_guritaEntry in $_guritaRead.PSObject.Properties) { $OctopusParameters[$_guritaEntry.Name] = [string]$_guritaEntry.Value }

function Convert-ServiceMessageValue([string]$value) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($value)) }

function Write-GuritaMessage([string]$name, [System.Collections.IDictionary]$attributes) {
    $line = "##octopus[$name"
    foreach ($key in $attributes.Keys) { $line += " $key='" + (Convert-ServiceMessageValue $attributes[$key]) + "'" }
    [Console]::Out.WriteLine($line + ']')
}

function Write-GuritaLevel([string]$level, [string]$message) {
    [Console]::Out.WriteLine("##octopus[stdout-$level]")
    [Console]::Out.WriteLine($message)
    [Console]::Out.WriteLine('##octopus[stdout-default]')
}

function Get-OctopusVariable([string]$Name) { if ($OctopusParameters.ContainsKey($Name)) { $OctopusParameters[$Name] } else { '' } }

function Set-OctopusVariable([string]$Name, [string]$Value, [switch]$Sensitive) {
    $attributes = [ordered]@{ name = $Name; value = $Value }
    if ($Sensitive) { $attributes['sensitive'] = 'True' }
    Write-GuritaMessage 'setVariable' $attributes
}

function New-OctopusArtifact([string]$Path, [string]$Name) {
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    if (-not $Name) { $Name = [IO.Path]::GetFileName($full) }
    $length = if (Test-Path -PathType Leaf $full) { (Get-Item $full).Length } else { 0 }
    Write-GuritaLevel 'verbose' "Artifact $Name will be collected from $full after this step completes"
    Write-GuritaMessage 'createArtifact' ([ordered]@{ path = $full; name = $Name; length = $length })
}

function Update-Progress([int]$Percent, [string]$Message) {
    Write-GuritaMessage 'progress' ([ordered]@{ percentage = $Percent; message = $Message })
}

function Fail-Step([string]$Message) {
    if ($Message) { Write-GuritaMessage 'resultMessage' ([ordered]@{ message = $Message }) }
    exit 1
}

function Write-Verbose([string]$Message) { Write-GuritaLevel 'verbose' $Message }
function Write-Highlight([string]$Message) { Write-GuritaLevel 'highlight' $Message }
function Write-Wait([string]$Message) { Write-GuritaLevel 'wait' $Message }
function Write-Warning([string]$Message) { Write-GuritaLevel 'warning' $Message }
function Set-EnvironmentState([string]$Key, [string]$Value, [switch]$Sensitive) {
    $attributes = [ordered]@{ key = $Key; value = $Value; type = 'State' }
    if ($Sensitive) { $attributes['sensitive'] = 'True' }
    Write-GuritaMessage 'set-environmentstate' $attributes
}
function Set-EnvironmentUrl([string]$Key, [string]$Url) {
    Write-GuritaMessage 'set-environmentstate' ([ordered]@{ key = $Key; value = $Url; type = 'Url' })
}

$_guritaScript = $args[0]
$_guritaRest = @($args | Select-Object -Skip 1)
. $_guritaScript @_guritaRest
if ($null -ne $LASTEXITCODE) { exit $LASTEXITCODE }
