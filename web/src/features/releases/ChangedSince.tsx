import { useQueries } from "@tanstack/react-query";
import { useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Section } from "../../parts/Section";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { deployableReading } from "../deploying/shared";
import { variablesOf } from "./comparing";
import { Pairs } from "./Pairs";
import { setReading, variablesReading } from "./reading";

interface Props {
  release: Schema["Release"];
  project: Schema["Project"];
}

/** Which variables are not as the release froze them; nothing where all are. */
export function ChangedSince({ release, project }: Props) {
  const known = useQuery(deployableReading(useSpaceId(), release.Id)).data;
  if (!known?.IsVariableSetModified && !known?.IsLibraryVariableSetModified) return null;
  return <Changed release={release} project={project} />;
}

function Changed({ release, project }: Props) {
  const spaceId = useSpaceId();
  const frozen = useQuery(variablesReading(spaceId, project.Id, release.Id)).data;
  const ids = [
    project.VariableSetId,
    ...project.IncludedLibraryVariableSetIds.map((id) => `variableset-${id}`),
  ];
  const now = useQueries({
    queries: ids.map((id) => setReading(spaceId, id)),
    combine: (answers) => answers.flatMap((each) => (each.data ? [each.data] : [])),
  });
  if (!frozen || now.length < ids.length) return null;
  return (
    <Section title={t("Variables changed since")}>
      <Pairs
        pairs={variablesOf(frozen, now)}
        before={release.Version}
        after={t("Now")}
        none={t("Only what may not be shown: secrets, descriptions or the order.")}
      />
    </Section>
  );
}
