import { Checkbox, Group, Stack, Switch, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Schema } from "../../api/types";
import { Filter } from "../../parts/Filter";
import { Section } from "../../parts/Section";
import { type Message, t } from "../../text";
import classes from "./PermissionPicker.module.css";
import { fits, grouped, type Permission, permissionsOf } from "./permissions";

interface Props {
  all: Record<string, Schema["PermissionDescription"]>;
  space: readonly string[];
  system: readonly string[];
  onChange: (space: string[], system: string[]) => void;
  readOnly: boolean;
}

/** All permissions in groups, with what each allows; those of a role are ticked, for spaces and for the system. */
export function PermissionPicker({ all, space, system, onChange, readOnly }: Props) {
  const [q, setQ] = useState("");
  const [only, setOnly] = useState(readOnly);
  const known = useMemo(() => permissionsOf(all), [all]);
  const has = new Set([...space, ...system]);
  const shown = known.filter((one) => fits(one, q) && (!only || has.has(one.name)));
  const turn = (list: readonly string[], name: string, on: boolean) =>
    on ? [...list, name] : list.filter((each) => each !== name);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Filter label={t("Permission")} value={q} onChange={setQ} />
        <Group gap="md">
          <Switch
            label={t("Only those of the role")}
            checked={only}
            onChange={(event) => setOnly(event.currentTarget.checked)}
          />
          <Text fz="sm" c="dimmed" role="status">
            {t("{{n}} permissions", { n: has.size })}
          </Text>
        </Group>
      </Group>
      {shown.length === 0 && <Text c="dimmed">{t("No permission fits.")}</Text>}
      {grouped(shown).map((group) => (
        <Section key={group.title} title={t(group.title)}>
          <ul className={classes.list}>
            {group.permissions.map((one) => (
              <Line
                key={one.name}
                permission={one}
                inSpace={space.includes(one.name)}
                inSystem={system.includes(one.name)}
                onSpace={(on) => onChange(turn(space, one.name, on), [...system])}
                onSystem={(on) => onChange([...space], turn(system, one.name, on))}
                readOnly={readOnly}
              />
            ))}
          </ul>
        </Section>
      ))}
    </Stack>
  );
}

const PLACES: Record<string, Message> = {
  Environments: "environments",
  Projects: "projects",
  ProjectGroups: "project groups",
  Tenants: "tenants",
};

function wordOf(restriction: string): string {
  const word = PLACES[restriction];
  return word ? t(word) : restriction;
}

interface LineProps {
  permission: Permission;
  inSpace: boolean;
  inSystem: boolean;
  onSpace: (on: boolean) => void;
  onSystem: (on: boolean) => void;
  readOnly: boolean;
}

function Line({ permission, inSpace, inSystem, onSpace, onSystem, readOnly }: LineProps) {
  const { name, Description, SupportedRestrictions } = permission;
  return (
    <li className={classes.line}>
      <div>
        {Description}
        <Text fz="xs" c="dimmed">
          {name}
          {SupportedRestrictions.length > 0 &&
            ` · ${t("may be narrowed to {{what}}", { what: SupportedRestrictions.map(wordOf).join(", ") })}`}
        </Text>
      </div>
      <Group gap="md" wrap="nowrap">
        {permission.space && (
          <Checkbox
            label={t("Spaces")}
            aria-label={t("{{name}} in spaces", { name })}
            checked={inSpace}
            onChange={(event) => onSpace(event.currentTarget.checked)}
            disabled={readOnly}
          />
        )}
        {permission.system && (
          <Checkbox
            label={t("System")}
            aria-label={t("{{name}} in the system", { name })}
            checked={inSystem}
            onChange={(event) => onSystem(event.currentTarget.checked)}
            disabled={readOnly}
          />
        )}
      </Group>
    </li>
  );
}
