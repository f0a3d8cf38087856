import { Anchor, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Loading } from "../../parts/Loading";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { When } from "../../parts/When";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import { releaseAddress, taskAddress } from "../deploying/shared";
import classes from "./Packages.module.css";
import { usesReading } from "./reading";

const FIRST = 20;

/** Which releases use a version of a package, and where each was deployed last. */
export function Uses({ packageId, version }: { packageId: string; version: string }) {
  const spaceId = useSpaceId();
  const may = useMay("ReleaseView", spaceId);
  const [take, setTake] = useState(FIRST);
  const { data, error } = useQuery({
    ...usesReading(spaceId, packageId, version, take),
    enabled: may !== false,
    placeholderData: (before) => before,
  });
  if (may === false) return null;
  return (
    <Section title={t("Releases with {{version}}", { version })}>
      <Refused error={error} />
      {!data && !error && <Loading rows={2} />}
      {data?.TotalResults === 0 && <Text c="dimmed">{t("No release uses this version.")}</Text>}
      {data && data.TotalResults > 0 && (
        <ul className={classes.uploads} aria-label={t("Releases with {{version}}", { version })}>
          {data.Items.map((each) => (
            <Use key={each.ReleaseId} of={each} />
          ))}
        </ul>
      )}
      {data && data.TotalResults > data.Items.length && (
        <Group>
          <Button variant="default" size="xs" onClick={() => setTake(take + 100)}>
            {t("Show more of {{n}}", { n: data.TotalResults })}
          </Button>
        </Group>
      )}
    </Section>
  );
}

function Use({ of }: { of: Schema["PackageUse"] }) {
  const spaceId = useSpaceId();
  return (
    <li className={classes.upload} data-use={`${of.ProjectName} ${of.ReleaseVersion}`}>
      <Group justify="space-between" gap="xs">
        <Anchor component={Link} to={releaseAddress(spaceId, of.ReleaseId)} fw={600} className={classes.name}>
          {of.ProjectName} {of.ReleaseVersion}
        </Anchor>
        <Text size="sm" c="dimmed">
          <When at={of.Assembled} />
        </Text>
      </Group>
      {of.Places.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("Not deployed yet")}
        </Text>
      )}
      {of.Places.map((place) => (
        <Place key={place.EnvironmentId} of={place} />
      ))}
    </li>
  );
}

function Place({ of }: { of: Schema["UsedAt"] }) {
  const spaceId = useSpaceId();
  return (
    <Group gap="xs" data-place={of.EnvironmentName}>
      <StateMark
        state={stateOf(of.State, { waits: of.HasPendingInterruptions, warnings: of.HasWarningsOrErrors })}
      />
      <Anchor component={Link} to={taskAddress(spaceId, of.TaskId)} size="sm">
        {of.EnvironmentName}
      </Anchor>
      <Text size="sm" c="dimmed">
        {of.IsLast ? t("the last one there") : t("another release came after it")}
        {of.CompletedTime && (
          <>
            {" · "}
            <When at={of.CompletedTime} />
          </>
        )}
      </Text>
    </Group>
  );
}
