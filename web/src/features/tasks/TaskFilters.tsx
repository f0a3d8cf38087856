import { Button, Group, Select, TextInput } from "@mantine/core";
import { reading, useQuery } from "../../api/queries";
import { Filter } from "../../parts/Filter";
import { t } from "../../text";
import type { TasksSearch } from "./filters";
import classes from "./tasks.module.css";

interface Props {
  spaceId: string;
  search: TasksSearch;
  onChange: (changes: TasksSearch) => void;
}

const types = () => reading("other", "/api/tasks/tasktypes");
const projects = (spaceId: string) =>
  reading("project", "/api/{spaceId}/projects/all", { path: { spaceId } });
const environments = (spaceId: string) =>
  reading("environment", "/api/{spaceId}/environments/all", { path: { spaceId } });

/** The filters of the list; each is in the address. */
export function TaskFilters({ spaceId, search, onChange }: Props) {
  const kinds = useQuery(types()).data ?? [];
  const all = useQuery(projects(spaceId)).data ?? [];
  const places = useQuery(environments(spaceId)).data ?? [];
  const any = ["type", "project", "environment", "node", "text", "from", "to", "states", "person"].some(
    (name) => name in search,
  );
  return (
    <Group gap="xs" align="flex-end" className={classes.filters ?? ""}>
      <Filter
        label={t("Filter by description")}
        value={search.text ?? ""}
        onChange={(text) => onChange({ text })}
      />
      <Choose
        label={t("Type")}
        value={search.type}
        onChange={(type) => onChange({ type })}
        data={kinds.map((kind) => ({ value: kind.Id, label: kind.Name }))}
      />
      <Choose
        label={t("Project")}
        value={search.project}
        onChange={(project) => onChange({ project })}
        data={all.map((each) => ({ value: each.Id, label: each.Name }))}
      />
      <Choose
        label={t("Environment")}
        value={search.environment}
        onChange={(environment) => onChange({ environment })}
        data={places.map((each) => ({ value: each.Id, label: each.Name }))}
      />
      <TextInput
        label={t("Node")}
        size="sm"
        defaultValue={search.node ?? ""}
        key={search.node ?? ""}
        onBlur={(event) => onChange({ node: event.currentTarget.value })}
        onKeyDown={(event) => event.key === "Enter" && onChange({ node: event.currentTarget.value })}
      />
      <Day label={t("Queued from")} value={search.from} onChange={(from) => onChange({ from })} />
      <Day label={t("Queued up to")} value={search.to} onChange={(to) => onChange({ to })} />
      {any && (
        <Button
          variant="subtle"
          onClick={() =>
            onChange({
              type: "",
              project: "",
              environment: "",
              node: "",
              text: "",
              from: "",
              to: "",
              states: "",
              person: false,
            })
          }
        >
          {t("Clear the filters")}
        </Button>
      )}
    </Group>
  );
}

interface Choosing {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
}

function Choose({ label, value, onChange, data }: Choosing & { data: { value: string; label: string }[] }) {
  return (
    <Select
      label={label}
      size="sm"
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("Clear {{what}}", { what: label }) }}
      limit={100}
      placeholder={t("Any")}
      data={data}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? "")}
    />
  );
}

function Day({ label, value, onChange }: Choosing) {
  return (
    <TextInput
      type="date"
      label={label}
      size="sm"
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
