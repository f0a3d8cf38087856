import { Anchor, List, Text } from "@mantine/core";
import { IconFile } from "@tabler/icons-react";
import { address } from "../../api/client";
import { useQuery } from "../../api/queries";
import { bytes, t } from "../../text";
import { artifacts } from "./reads";
import classes from "./tasks.module.css";
import { type Activity, each } from "./tree";

interface Props {
  spaceId: string;
  taskId: string;
  root: Activity | undefined;
}

/** The files a task left, to be downloaded. Nothing while there are none. */
export function Artifacts({ spaceId, taskId, root }: Props) {
  const { data } = useQuery(artifacts(spaceId, taskId));
  if (!data || data.Items.length === 0) return null;
  const names = new Map(root ? [...each(root)].map((one) => [one.Id, one.Name]) : []);
  return (
    <section className={classes.card} aria-label={t("Artifacts")}>
      <h2 className={classes.heading}>{t("Artifacts")}</h2>
      <List size="sm" mt="xs" icon={<IconFile size="1rem" aria-hidden />}>
        {data.Items.map((one) => (
          <List.Item key={one.Id}>
            {one.Size > 0 ? (
              <Anchor
                href={address("/api/{spaceId}/artifacts/{id}/content", { spaceId, id: one.Id })}
                download
              >
                {one.Filename}
              </Anchor>
            ) : (
              one.Filename
            )}{" "}
            <Text span c="dimmed" fz="sm">
              {one.Size > 0 ? bytes(one.Size) : t("not collected yet")}{" "}
              {names.get(one.LogCorrelationId) ?? one.Source}
            </Text>
          </List.Item>
        ))}
      </List>
      {data.TotalResults > data.Items.length && (
        <Text fz="sm" c="dimmed">
          {t("and {{count}} more", { count: data.TotalResults - data.Items.length })}
        </Text>
      )}
    </section>
  );
}
