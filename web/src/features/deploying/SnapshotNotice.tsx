import { Alert, Button, Group, Text } from "@mantine/core";
import { IconVariable } from "@tabler/icons-react";
import { post } from "../../api/client";
import { queries, useQuery } from "../../api/queries";
import { Refused } from "../../parts/Refused";
import { useSaving } from "../../parts/saving";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import classes from "./Deploy.module.css";
import { deployableReading } from "./reading";

interface Props {
  releaseId: string;
  version: string;
  /** Where values can be chosen one by one on demand: whether they are shown, and how that is changed. */
  choosing?: { open: boolean; onToggle: () => void };
}

/** Says that the project changed since a release froze it, and offers to freeze its variables anew. */
export function SnapshotNotice({ releaseId, version, choosing }: Props) {
  const spaceId = useSpaceId();
  const now = useQuery(deployableReading(spaceId, releaseId)).data;
  const may = useMay("ReleaseEdit", spaceId);
  const saving = useSaving();
  if (!now) return null;
  const variables = now.IsVariableSetModified || now.IsLibraryVariableSetModified;
  if (!variables && !now.IsDeploymentProcessModified) return null;
  const update = () =>
    saving.run(
      async () => {
        await post("/api/{spaceId}/releases/{id}/snapshot-variables", { path: { spaceId, id: releaseId } });
        await queries.invalidateQueries();
      },
      t("Release {{version}} has the variables as they are now", { version }),
    );
  return (
    <Alert
      color="yellow"
      variant="light"
      className={classes.notice}
      icon={<IconVariable aria-hidden />}
      role="status"
    >
      <Group justify="space-between" align="center" gap="sm">
        <div>
          {variables && (
            <Text size="sm">
              {t("Variables have changed since this release was made. Its deployments use the old ones.")}
            </Text>
          )}
          {now.IsDeploymentProcessModified && (
            <Text size="sm">
              {t(
                "The process has changed since. A new release takes the changes along; this one never does.",
              )}
            </Text>
          )}
        </div>
        {variables && (
          <Group gap="xs">
            {choosing && (
              <Button variant="default" size="xs" aria-expanded={choosing.open} onClick={choosing.onToggle}>
                {choosing.open ? t("Hide the changed values") : t("Show the changed values")}
              </Button>
            )}
            {may !== false && (
              <Button variant="default" size="xs" loading={saving.busy} onClick={update}>
                {t("Update the variables of {{version}}", { version })}
              </Button>
            )}
          </Group>
        )}
      </Group>
      <Refused error={saving.error} />
    </Alert>
  );
}
