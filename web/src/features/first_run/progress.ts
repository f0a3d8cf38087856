/** The steps from an empty server to the first green deployment, in order. */
export type Step = "environments" | "machine" | "project" | "deployment";

export const STEPS: readonly Step[] = ["environments", "machine", "project", "deployment"];

/** What the server has of each. */
export interface Facts {
  environments: number;
  machines: number;
  /** Projects whose process has a step. */
  projects: number;
  /** Deployments that went well. */
  green: number;
}

export interface Progress {
  done: ReadonlySet<Step>;
  /** The step to do next; undefined when all are done. */
  next: Step | undefined;
}

/** Which steps are done and which comes next: the first that is not. */
export function progressOf(facts: Facts): Progress {
  const has: Record<Step, boolean> = {
    environments: facts.environments > 0,
    machine: facts.machines > 0,
    project: facts.projects > 0,
    deployment: facts.green > 0,
  };
  return { done: new Set(STEPS.filter((step) => has[step])), next: STEPS.find((step) => !has[step]) };
}

/** The sample's script, on a target with any POSIX shell. */
export const SAMPLE_SCRIPT = `echo "Hello from #{Octopus.Environment.Name}"
echo "This is release #{Octopus.Release.Number} on $(hostname)"
`;

/** A process with one step that runs `script` on the targets with the tag `role`. */
export function sampleSteps(script: string, role: string) {
  const properties = {
    "Octopus.Action.Script.ScriptSource": "Inline",
    "Octopus.Action.Script.Syntax": "Bash",
    "Octopus.Action.Script.ScriptBody": script,
  };
  const action = { Name: "Say hello", ActionType: "Octopus.Script", Properties: properties };
  return [{ Name: "Say hello", Properties: { "Octopus.Action.TargetRoles": role }, Actions: [action] }];
}
