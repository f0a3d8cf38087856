import { ScrollArea, Table, Text } from "@mantine/core";
import { StateMark } from "../../parts/StateMark";
import { stateOf } from "../../parts/states";
import { duration, t } from "../../text";
import classes from "./tasks.module.css";
import type { Activity } from "./tree";
import { byTarget, spanOf } from "./tree";

const MOST = 60;

interface Props {
  root: Activity;
  now: number;
  node: string | undefined;
  onNode: (node: string | undefined) => void;
}

/** Targets side by side: what each did in each step, and how long it took. Those with trouble come first. */
export function ByTarget({ root, now, node, onNode }: Props) {
  const { targets, rows } = byTarget(root);
  const shown = targets.slice(0, MOST);
  if (targets.length === 0) return <Text c="dimmed">{t("No step has begun on a target yet.")}</Text>;
  return (
    <>
      <ScrollArea
        type="auto"
        viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("Steps by target") }}
      >
        <Table verticalSpacing={4} aria-label={t("Steps by target")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("Target")}</Table.Th>
              {rows.map(({ step }) => (
                <Table.Th key={step.Id} scope="col">
                  {step.Name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((target) => (
              <Table.Tr key={target}>
                <Table.Th scope="row">{target}</Table.Th>
                {rows.map(({ step, cells }) => (
                  <Table.Td key={step.Id}>
                    <Cell activity={cells.get(target)} now={now} node={node} onNode={onNode} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {targets.length > MOST && (
        <Text fz="sm" c="dimmed" mt={4}>
          {t("{{count}} more targets are not in this table; the tree has them.", {
            count: targets.length - MOST,
            one: "1 more target is not in this table; the tree has it.",
          })}
        </Text>
      )}
    </>
  );
}

function Cell({ activity, now, node, onNode }: Omit<Props, "root"> & { activity: Activity | undefined }) {
  if (!activity)
    return (
      <Text span c="dimmed" aria-label={t("Not run here")}>
        –
      </Text>
    );
  const span = spanOf(activity, now);
  return (
    <button
      type="button"
      className={classes.cell}
      data-current={node === activity.Id || undefined}
      title={activity.ProgressMessage || undefined}
      onClick={() => onNode(activity.Id)}
    >
      <StateMark state={stateOf(activity.Status)} compact />
      {span !== undefined && <span className={classes.span}> {duration(span)}</span>}
    </button>
  );
}
