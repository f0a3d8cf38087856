/** A language the editor knows. */
export type Language = "bash" | "powershell" | "python" | "json" | "yaml" | "text";

/** Something to complete, and what it is. */
export interface Completion {
  label: string;
  detail?: string;
}

type Row = readonly [what: string, bash: string, python: string, powershell: string];

const ROWS: readonly Row[] = [
  ["read a variable", "get_octopusvariable", "get_octopusvariable", "Get-OctopusVariable"],
  ["all variables by name", "octopus_parameters", "octopusvariables", "$OctopusParameters"],
  ["set an output variable", "set_octopusvariable", "set_octopusvariable", "Set-OctopusVariable"],
  ["have a file collected", "new_octopusartifact", "createartifact", "New-OctopusArtifact"],
  ["tell how far it is", "update_progress", "updateprogress", "Update-Progress"],
  ["fail with a reason", "fail_step", "failstep", "Fail-Step"],
  ["a line hidden by default", "write_verbose", "printverbose", "Write-Verbose"],
  ["a line that stands out", "write_highlight", "printhighlight", "Write-Highlight"],
  ["say that it waits", "write_wait", "printwait", "Write-Wait"],
  ["warn", "write_warning", "printwarning", "Write-Warning"],
  ["a fact about the environment", "set_environmentstate", "set_environmentstate", "Set-EnvironmentState"],
  ["an address of the environment", "set_environmenturl", "set_environmenturl", "Set-EnvironmentUrl"],
  ["make a target", "new_octopustarget", "", "New-OctopusTarget"],
  ["remove a target", "remove-octopustarget", "", "Remove-OctopusTarget"],
];

const COLUMNS: Partial<Record<Language, 1 | 2 | 3>> = { bash: 1, python: 2, powershell: 3 };

/** The functions every script of a language finds (docs/guide/script-helpers.md). */
export function helpersOf(language: Language): readonly Completion[] {
  const column = COLUMNS[language];
  if (!column) return [];
  return ROWS.filter((row) => row[column]).map((row) => ({ label: row[column], detail: row[0] }));
}
