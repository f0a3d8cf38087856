import { Checkbox, Group, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { post } from "../../api/client";
import { queries, useQuery } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Refused } from "../../parts/Refused";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import classes from "./ChangedValues.module.css";
import { changesReading } from "./reading";
import { type Change, keyOf, otherMembers, scopeText, shownValue, takeBody } from "./takingValues";

interface Props {
  releaseId: string;
  version: string;
}

/** Every value that is not as a release froze it, old beside new; whoever may takes the ones they choose. */
export function ChangedValues({ releaseId, version }: Props) {
  const spaceId = useSpaceId();
  const found = useQuery(changesReading(spaceId, releaseId)).data;
  if (!found || (found.Changes.length === 0 && found.Hidden === 0 && !found.Other)) return null;
  return (
    <Section
      title={t("Variables changed since")}
      about={t("The release keeps the old values until they are taken, one by one or all at once.")}
    >
      <Taking key={found.Digest} found={found} version={version} />
    </Section>
  );
}

function Taking({ found, version }: { found: Schema["VariableChanges"]; version: string }) {
  const spaceId = useSpaceId();
  const may = useMay("ReleaseEdit", spaceId);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [hidden, setHidden] = useState(false);
  const saving = useSaving();
  const all = found.Changes.map(keyOf);
  const count = chosen.size + (hidden ? found.Hidden : 0);
  const toggle = (key: string) =>
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  const take = () =>
    saving.run(
      async () => {
        const path = { spaceId, id: found.ReleaseId };
        const body = takeBody(found, chosen, hidden);
        await post("/api/{spaceId}/gurita/releases/{id}/variable-changes", { path, body });
        await queries.invalidateQueries();
      },
      t("Release {{version}} has the chosen values as they are now", { version }),
    );
  return (
    <Stack gap="sm">
      {found.Changes.length > 0 && (
        <Changes
          changes={found.Changes}
          version={version}
          chosen={may === false ? undefined : chosen}
          onToggle={toggle}
          onAll={() => setChosen(new Set(chosen.size === all.length ? [] : all))}
        />
      )}
      {found.Hidden > 0 && (
        <Checkbox
          label={t("And {{count}} values that you may not see", {
            count: found.Hidden,
            one: "And {{count}} value that you may not see",
          })}
          checked={hidden}
          disabled={may === false}
          onChange={() => setHidden(!hidden)}
        />
      )}
      {found.Other && (
        <Text size="sm" c="dimmed">
          {t(
            "Besides single values, sets differ as a whole, such as in their order: the whole update takes that.",
          )}
        </Text>
      )}
      <Refused sentences={saving.others} />
      {found.Changes.length + found.Hidden > 0 && (
        <Group>
          <WhyButton
            variant="default"
            loading={saving.busy}
            why={
              may === false
                ? t("You need the permission ReleaseEdit.")
                : count === 0
                  ? t("Choose the values to take first.")
                  : undefined
            }
            onClick={take}
          >
            {count === 0
              ? t("Take values into {{version}}", { version })
              : t("Take {{count}} values into {{version}}", {
                  count,
                  version,
                  one: "Take {{count}} value into {{version}}",
                })}
          </WhyButton>
        </Group>
      )}
    </Stack>
  );
}

interface ChangesProps {
  changes: readonly Change[];
  version: string;
  /** Nothing where the viewer may take none. */
  chosen: ReadonlySet<string> | undefined;
  onToggle: (key: string) => void;
  onAll: () => void;
}

function Changes({ changes, version, chosen, onToggle, onAll }: ChangesProps) {
  return (
    <div className={classes.room}>
      <Table verticalSpacing={6} aria-label={t("Changed variables")}>
        <Table.Thead>
          <Table.Tr>
            {chosen && (
              <Table.Th scope="col">
                <Checkbox
                  size="xs"
                  aria-label={t("Choose all")}
                  checked={chosen.size === changes.length}
                  indeterminate={chosen.size > 0 && chosen.size < changes.length}
                  onChange={onAll}
                />
              </Table.Th>
            )}
            <Table.Th scope="col">{t("Variable")}</Table.Th>
            <Table.Th scope="col">{version}</Table.Th>
            <Table.Th scope="col">{t("Now")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map((each) => (
            <Table.Tr key={keyOf(each)} data-changed={each.Name}>
              {chosen && (
                <Table.Td>
                  <Checkbox
                    size="xs"
                    aria-label={t("Take {{name}}", { name: each.Name })}
                    checked={chosen.has(keyOf(each))}
                    onChange={() => onToggle(keyOf(each))}
                  />
                </Table.Td>
              )}
              <Table.Th scope="row" fw="inherit">
                <Named change={each} />
              </Table.Th>
              <Table.Td>
                <Cell of={each.Before} />
              </Table.Td>
              <Table.Td>
                <Cell of={each.After} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Named({ change }: { change: Change }) {
  const others = otherMembers(change);
  const said = [
    change.SetName,
    change.Before?.IsSensitive && change.After?.IsSensitive && change.Members.includes("Value")
      ? t("another secret")
      : "",
    others.length > 0 ? t("other {{members}}", { members: others.join(", ") }) : "",
  ].filter(Boolean);
  return (
    <>
      <span className={classes.name}>{change.Name}</span>
      <div className={classes.quiet}>{said.join(" · ")}</div>
    </>
  );
}

function Cell({ of }: { of: Schema["VariableState"] | null }) {
  const { text, quiet } = shownValue(of);
  const scope = scopeText(of);
  return (
    <>
      {quiet ? <span className={classes.quiet}>{text}</span> : <code className={classes.value}>{text}</code>}
      {scope && <div className={classes.quiet}>{scope}</div>}
    </>
  );
}
