import type { Schema } from "../../api/types";

export type Process = Schema["DeploymentProcess"];
export type Step = Schema["Step"];
export type Action = Schema["Action"];
export type PackageReference = Schema["PackageReference"];
export type StepForm = Schema["StepForm"];
export type Properties = Action["Properties"];

export const ROLES = "Octopus.Action.TargetRoles";
export const WINDOW = "Octopus.Action.MaxParallelism";
export const STEP_CONDITION = "Octopus.Step.ConditionVariableExpression";
export const ACTION_CONDITION = "Octopus.Action.ConditionVariableExpression";
export const ON_SERVER = "Octopus.Action.RunOnServer";
export const FEATURES = "Octopus.Action.EnabledFeatures";
export const PACKAGE_ID = "Octopus.Action.Package.PackageId";
const FEED_ID = "Octopus.Action.Package.FeedId";
const DOWNLOAD = "Octopus.Action.Package.DownloadOnTentacle";

/** An id for what is new. The server keeps it, so a step has its address before it is saved. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A property as text; "" if there is none, or a secret. */
export function textOf(properties: Properties, name: string): string {
  const value = properties[name];
  return value === undefined || value === null || typeof value === "object" ? "" : String(value);
}

/** Whether a property says yes, as the server reads it. */
export const flagOf = (properties: Properties, name: string): boolean =>
  ["true", "yes", "1"].includes(textOf(properties, name).trim().toLowerCase());

/** The properties with one changed; an empty text takes it away. */
export function withText(properties: Properties, name: string, text: string): Properties {
  const { [name]: _, ...rest } = properties;
  return text === "" ? rest : { ...rest, [name]: text };
}

/** Words of a list in a property, parted by commas. */
export const wordsOf = (text: string): string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);

/** The target tags of a step: its own, or else those of its only action, as older clients have them. */
export function rolesOf(step: Step): string[] {
  const own = textOf(step.Properties, ROLES);
  const [first] = step.Actions;
  return wordsOf(own || (step.Actions.length === 1 && first ? textOf(first.Properties, ROLES) : ""));
}

/** Sets the target tags of a step, and removes those an action had in their place. */
export function withRoles(step: Step, roles: readonly string[]): Step {
  return {
    ...step,
    Properties: withText(step.Properties, ROLES, roles.join(",")),
    Actions: step.Actions.map((action) =>
      ROLES in action.Properties ? { ...action, Properties: withText(action.Properties, ROLES, "") } : action,
    ),
  };
}

/** Whether a feature of an action is on. */
export const hasFeature = (properties: Properties, feature: string): boolean =>
  wordsOf(textOf(properties, FEATURES)).some((each) => each.toLowerCase() === feature.toLowerCase());

/** Switches a feature of an action on or off. */
export function withFeature(properties: Properties, feature: string, on: boolean): Properties {
  const others = wordsOf(textOf(properties, FEATURES)).filter(
    (each) => each.toLowerCase() !== feature.toLowerCase(),
  );
  return withText(properties, FEATURES, (on ? [...others, feature] : others).join(","));
}

/** The package without a name, which the properties of older clients also tell. */
export function primaryOf(action: Action): PackageReference | undefined {
  return action.Packages.find((each) => !each.Name);
}

/** The action with another primary package; the properties that say the same go with it. */
export function withPrimary(action: Action, primary: PackageReference | undefined): Action {
  const { [PACKAGE_ID]: _id, [FEED_ID]: _feed, [DOWNLOAD]: _download, ...Properties } = action.Properties;
  const others = action.Packages.filter((each) => each.Name);
  return { ...action, Properties, Packages: primary ? [primary, ...others] : others };
}

/** A reference to a package, as yet to none. */
export const newReference = (Name: string, FeedId = ""): PackageReference => ({
  Id: newId(),
  Name,
  PackageId: "",
  FeedId,
  AcquisitionLocation: "Server",
  Version: null,
  StepPackageInputsReferenceId: null,
  Properties: Name ? { Extract: "True", SelectionMode: "immediate" } : { SelectionMode: "immediate" },
});

/** A name nobody has yet: "Run a script", "Run a script 2". */
export function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((each) => each.toLowerCase()));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted} ${count}`;
    if (!used.has(name.toLowerCase())) return name;
  }
}

/** Every name of a step or an action. */
export const namesOf = (steps: readonly Step[]): string[] =>
  steps.flatMap((step) => [step.Name, ...step.Actions.map((action) => action.Name)]);

/** An action of a type, with what its form takes for granted. */
export function newAction(form: StepForm, name: string): Action {
  const Properties: Properties = {};
  for (const field of form.Sections.flatMap((section) => section.Fields))
    if (field.Kind === "select" && field.Default && field.Default !== "0")
      Properties[field.Name] = field.Default;
  return {
    Id: newId(),
    Name: name,
    Slug: "",
    ActionType: form.Name,
    Notes: null,
    IsDisabled: false,
    IsRequired: false,
    CanBeUsedForProjectVersioning: form.HasPrimaryPackage,
    WorkerPoolId: null,
    WorkerPoolVariable: null,
    Environments: [],
    ExcludedEnvironments: [],
    Channels: [],
    TenantTags: [],
    Condition: "Success",
    Properties,
    Packages: form.HasPrimaryPackage ? [newReference("")] : [],
    GitDependencies: [],
    StepPackageVersion: null,
    LastSavedStepPackageVersion: null,
    Links: {},
  };
}

/** A step with one action of a type. */
export function newStep(form: StepForm, steps: readonly Step[]): Step {
  const name = freeName(form.Title, namesOf(steps));
  return {
    Id: newId(),
    Name: name,
    Slug: "",
    PackageRequirement: "LetOctopusDecide",
    RequiresPackagesToBeAcquired: false,
    Properties: {},
    Condition: "Success",
    StartTrigger: "StartAfterPrevious",
    Actions: [newAction(form, name)],
    Links: {},
  };
}

/** Properties without secrets: nobody can read those, so they are not copied. */
const plain = (properties: Properties): Properties =>
  Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value === null || typeof value !== "object"),
  );

/** Whether a step holds secrets, which a copy of it lacks. */
export const hasSecrets = (step: Step): boolean =>
  [step, ...step.Actions].some(
    ({ Properties: all }) => Object.keys(plain(all)).length < Object.keys(all).length,
  );

/**
 * A copy of a step with names and ids of its own, without secrets. References keep their ids out, so that the server
 * makes new ones.
 */
export function copyOf(step: Step, steps: readonly Step[]): Step {
  const taken = namesOf(steps);
  const alone = step.Actions.length === 1;
  const name = freeName(step.Name, taken);
  return {
    ...structuredClone(step),
    Id: newId(),
    Slug: "",
    Name: name,
    Properties: plain(step.Properties),
    Actions: step.Actions.map((action) => {
      const own = alone && action.Name === step.Name ? name : freeName(action.Name, [...taken, name]);
      taken.push(own);
      return copyOfAction(action, own);
    }),
  };
}

const copyOfAction = (action: Action, name: string): Action => ({
  ...structuredClone(action),
  Id: newId(),
  Slug: "",
  Name: name,
  Properties: plain(action.Properties),
  Packages: action.Packages.map((each) => ({ ...each, Id: newId() })),
});

/** A step of another project: environments stay (they are of the space), channels go, secrets must be typed again. */
export function adopted(step: Step, steps: readonly Step[]): Step {
  const copy = copyOf(step, steps);
  return { ...copy, Actions: copy.Actions.map((action) => ({ ...action, Channels: [] })) };
}

/** A list with one item at another place. Places beyond the ends are the ends. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_, at) => at !== from);
  const item = items[from];
  if (item === undefined) return [...items];
  rest.splice(Math.max(0, Math.min(to, rest.length)), 0, item);
  return rest;
}

/** The steps with one changed. */
export const withStep = (steps: readonly Step[], changed: Step): Step[] =>
  steps.map((step) => (step.Id === changed.Id ? changed : step));

/** The step with one action changed; a lone action that bears its step's name takes the new one with it. */
export const withAction = (step: Step, changed: Action): Step => ({
  ...step,
  Actions: step.Actions.map((action) => (action.Id === changed.Id ? changed : action)),
});

/** The step under another name. A lone action bears its step's name. */
export const renamed = (step: Step, Name: string): Step => ({
  ...step,
  Name,
  Actions: step.Actions.length === 1 ? step.Actions.map((action) => ({ ...action, Name })) : step.Actions,
});

/** Whether all actions of a step are switched off. */
export const isDisabled = (step: Step): boolean =>
  step.Actions.length > 0 && step.Actions.every((action) => action.IsDisabled);

/** Switches all actions of a step on or off. A required one stays on. */
export const switched = (step: Step, IsDisabled: boolean): Step => ({
  ...step,
  Actions: step.Actions.map((action) => ({ ...action, IsDisabled: IsDisabled && !action.IsRequired })),
});

/** The number of each step as logs have it; steps that start together with the one before say so in the list. */
export const numberOf = (place: number, child?: number): string =>
  child === undefined ? `${place + 1}` : `${place + 1}.${child + 1}`;

/** Whether two parts of a process say the same. Links and the order of members do not count. */
export const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** A value as text in which members are sorted and links left out. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (key === "Links") return undefined;
    if (each && typeof each === "object" && !Array.isArray(each))
      return Object.fromEntries(
        Object.entries(each)
          .filter(([, inner]) => inner !== undefined)
          .sort(([one], [other]) => (one < other ? -1 : 1)),
      );
    return each;
  });
}
