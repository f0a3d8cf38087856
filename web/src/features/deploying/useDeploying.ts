import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/client";
import { queries, useQuery, useSuspenseQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { useFitting } from "../infrastructure/shared";
import { projectReading } from "../projects/shared";
import { releaseAddress, taskAddress } from "./addresses";
import { questionsOf, type Times, timeProblems, unanswered } from "./asking";
import { bodyOf } from "./body";
import { chosenGroups } from "./differing";
import { knownOf, narrowed, whyNobody } from "./narrowing";
import type { Settings } from "./Options";
import { type Choice, planOf, sumOf } from "./plan";
import { phasesOf } from "./progress";
import {
  defectsReading,
  differencesReading,
  environmentsReading,
  previewsReading,
  progressionReading,
  releaseReading,
} from "./reading";
import { type DeploySearch, ids, joined } from "./search";
import { deployWords } from "./wording";

const route = getRouteApi("/frame/$space/releases/$release/deploy");

interface Draft {
  given: Readonly<Record<string, string>>;
  times: Times;
  later: boolean;
  settings: Settings;
}

const EMPTY: Draft = {
  given: {},
  times: { start: "", expiry: "" },
  later: false,
  settings: { guided: "default", download: false, redeploy: false, comments: "" },
};

/** Everything the deploy page shows and does. */
export type Deploying = ReturnType<typeof useDeploying>;

/** Reads what the deploy page needs, and holds what is chosen on it: places, steps and targets in the address. */
export function useDeploying() {
  const spaceId = useSpaceId();
  const { release: id } = route.useParams();
  const at = route.useSearch();
  const release = useSuspenseQuery(releaseReading(spaceId, id)).data;
  const project = useSuspenseQuery(projectReading(spaceId, release.ProjectId)).data;
  const environments = useSuspenseQuery(environmentsReading(spaceId)).data;
  const progression = useSuspenseQuery(progressionReading(spaceId, release.Id)).data;
  const defects = useSuspenseQuery(defectsReading(spaceId, release.Id)).data.Items;
  const [draft, setDraft] = useState(EMPTY);
  const moving = useSearchChange();
  const names = new Map(environments.map((each) => [each.Id, each.Name]));
  const phases = phasesOf(progression, defects.find((each) => each.Status === "Unresolved")?.Description);
  const chosen = placesOf(ids(at.environment), environments);
  const previews = useQuery(previewsReading(spaceId, release.Id, chosen));
  const found = chosen.length > 0 ? (previews.data ?? []) : [];
  const fitting = useFitting(spaceId, at.filter);
  const choice = narrowed(
    { only: ids(at.only), without: ids(at.without), skip: ids(at.skip) },
    knownOf(found),
    fitting,
  );
  const differences = useQuery(differencesReading(spaceId, release.Id, chosen));
  const plans = found.map((preview, n) => ({
    place: names.get(chosen[n] ?? "") ?? "",
    plan: planOf(preview, choice),
    changes: preview.Changes,
    groups: groupsOf(
      differences.data?.find((each) => each.EnvironmentId === chosen[n]),
      choice,
    ),
  }));
  const questions = questionsOf(found.map((preview) => preview.Form));
  const saving = useSaving(questions.map((each) => `FormValues[${each.key}`));
  const wrong = timeProblems(draft.later ? draft.times : EMPTY.times, Date.now());
  const places = chosen.map((each) => names.get(each) ?? each);
  const blocked = phases
    .flatMap((phase) => phase.places)
    .find((place) => place.why && chosen.includes(place.environment));
  const why = useWhyNot({
    places,
    wrong,
    ready: found.length > 0 && fitting !== "asking",
    nobody: whyNobody(choice, fitting, at.filter),
    missing: unanswered(questions, draft.given),
    blocked: blocked?.why,
  });
  const chose = { project: project.Id, version: release.Version, choice, questions, ...draft };
  const body = bodyOf({ ...chose, environments: chosen });
  const go = useDeploy({ spaceId, releaseId: release.Id, saving, body });
  return {
    release,
    project,
    names,
    phases,
    chosen,
    choice,
    plans,
    questions,
    choosesValues: at.values === "choose",
    draft,
    saving,
    why,
    body,
    namedBody: bodyOf({ ...chose, choice: namedChoice(choice, plans), environments: places }),
    secrets: questions.filter((each) => each.control === "secret").map((each) => each.name),
    words: deployWords(release.Version, sumOf(plans.map((each) => each.plan)), places, draft.later),
    planError: previews.error,
    differencesError: differences.error,
    timeProblems: wrong,
    usually: found.some((each) => each.UseGuidedFailureModeByDefault),
    change: (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed })),
    search: moving,
    filter: at.filter,
    fitting,
    choosePlaces: (environment: string[]) =>
      moving({ environment, only: [], without: [], ...(environment.length > 1 && { filter: [] }) }),
    skip: (action: string) =>
      moving({
        skip: choice.skip.includes(action)
          ? choice.skip.filter((each) => each !== action)
          : [...choice.skip, action],
      }),
    deploy: async () => {
      if (!why && !saving.busy) await go();
    },
  };
}

/** What changes in an environment, as far as it was not left out; nothing while it is not known. */
const groupsOf = (found: Schema["Differences"] | undefined, choice: Choice) =>
  found && chosenGroups(found.Groups, choice);

/** The ids of the environments an address names by id, slug or name, as far as they exist. */
function placesOf(
  named: readonly string[],
  all: readonly { Id: string; Slug: string; Name: string }[],
): string[] {
  return named.flatMap((text) => {
    const wanted = text.toLowerCase();
    const found = all.find((each) =>
      [each.Id, each.Slug, each.Name].some((own) => own.toLowerCase() === wanted),
    );
    return found ? [found.Id] : [];
  });
}

function namedChoice(choice: Choice, plans: readonly { plan: ReturnType<typeof planOf> }[]): Choice {
  const names = new Map(
    plans.flatMap(({ plan }) => [...plan.known, ...plan.steps].map((each) => [each.id, each.name] as const)),
  );
  const named = (list: readonly string[]) => list.map((id) => names.get(id) ?? id);
  return { only: named(choice.only), without: named(choice.without), skip: named(choice.skip) };
}

function useSearchChange() {
  const navigate = useNavigate({ from: "/$space/releases/$release/deploy" });
  return (changed: Partial<Record<keyof DeploySearch, readonly string[]>>) =>
    void navigate({
      search: (before: DeploySearch) => {
        const after = { ...before };
        for (const [name, list] of Object.entries(changed)) {
          const text = joined(list);
          if (text) after[name as keyof DeploySearch] = text;
          else delete after[name as keyof DeploySearch];
        }
        return after;
      },
      replace: true,
      resetScroll: false,
    });
}

interface Asked {
  places: readonly string[];
  ready: boolean;
  missing: readonly string[];
  wrong: { start?: string; expiry?: string };
  blocked: string | undefined;
  nobody: string | undefined;
}

/** Why the button cannot be pressed now; undefined if it can. */
function useWhyNot({ places, ready, missing, wrong, blocked, nobody }: Asked): string | undefined {
  const may = useMay("DeploymentCreate", useSpaceId());
  if (may === false) return t("You need the permission DeploymentCreate.");
  if (places.length === 0) return t("Choose an environment first.");
  if (blocked) return blocked;
  if (!ready) return t("The plan is not there yet.");
  if (nobody) return nobody;
  if (missing.length > 0) return t("Still to be given: {{what}}.", { what: missing.join(", ") });
  return wrong.start ?? wrong.expiry;
}

interface Going {
  spaceId: string;
  releaseId: string;
  saving: ReturnType<typeof useSaving>;
  body: ReturnType<typeof bodyOf>;
}

/** Queues the deployments, all or none, and goes where they can be watched. */
function useDeploy({ spaceId, releaseId, saving, body }: Going) {
  const navigate = useNavigate();
  return () =>
    saving.run(async () => {
      const path = { spaceId };
      const made = await post("/api/{spaceId}/deployments/create/untenanted/v1", { path, body });
      void queries.invalidateQueries();
      const tasks = made.DeploymentServerTasks;
      const only = tasks.length === 1 ? tasks[0] : undefined;
      await navigate({
        to: only ? taskAddress(spaceId, only.ServerTaskId) : releaseAddress(spaceId, releaseId),
      });
    });
}
