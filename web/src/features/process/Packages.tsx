import {
  Autocomplete,
  Button,
  Checkbox,
  Fieldset,
  Group,
  Input,
  Select,
  Stack,
  TextInput,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { reading, useQuery } from "../../api/queries";
import { useSpaceId } from "../../shell/space";
import { served, t } from "../../text";
import type { FormField } from "./form";
import { Help } from "./Help";
import { type Action, freeName, newReference, type PackageReference, primaryOf, withPrimary } from "./model";
import { useNames } from "./reads";

interface Props {
  field: FormField;
  action: Action;
  onChange: (action: Action) => void;
  error: string | undefined;
  readOnly: boolean;
}

/** The package without a name: what a package step deploys, or where a script comes from. */
export function PrimaryPackage({ field, action, onChange, error, readOnly }: Props) {
  const reference = primaryOf(action) ?? newReference("");
  return (
    <Fieldset legend={served(field.Label)} data-field={field.Name}>
      <Stack gap="sm">
        <Input.Description>
          <Help text={served(field.Help)} />
        </Input.Description>
        <ReferenceFields
          reference={reference}
          error={error}
          readOnly={readOnly}
          onChange={(changed) => onChange(withPrimary(action, changed))}
        />
      </Stack>
    </Fieldset>
  );
}

/** Packages by name beside the primary one. */
export function FurtherPackages({ field, action, onChange, error, readOnly }: Props) {
  const named = action.Packages.filter((each) => each.Name);
  const put = (Packages: PackageReference[]) => onChange({ ...action, Packages });
  const replace = (changed: PackageReference) =>
    put(action.Packages.map((each) => (each.Id === changed.Id ? changed : each)));
  const add = () =>
    put([
      ...action.Packages,
      newReference(
        freeName(
          "package",
          named.map((each) => each.Name ?? ""),
        ),
      ),
    ]);
  return (
    <Stack gap="sm" data-field={field.Name}>
      <Input.Description>
        <Help text={served(field.Help)} />
      </Input.Description>
      {error && <Input.Error>{error}</Input.Error>}
      {named.map((reference) => (
        <Fieldset key={reference.Id} legend={reference.Name}>
          <Stack gap="sm">
            <TextInput
              label={t("Name in scripts")}
              readOnly={readOnly}
              value={reference.Name ?? ""}
              onChange={(event) =>
                event.currentTarget.value && replace({ ...reference, Name: event.currentTarget.value })
              }
            />
            <ReferenceFields reference={reference} error={undefined} readOnly={readOnly} onChange={replace} />
            <Group justify="space-between">
              <Checkbox
                label={t("Extract it")}
                disabled={readOnly}
                checked={String(reference.Properties.Extract ?? "True").toLowerCase() === "true"}
                onChange={(event) =>
                  replace({
                    ...reference,
                    Properties: {
                      ...reference.Properties,
                      Extract: event.currentTarget.checked ? "True" : "False",
                    },
                  })
                }
              />
              {!readOnly && (
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => put(action.Packages.filter((each) => each.Id !== reference.Id))}
                >
                  {t("Remove the package {{name}}", { name: reference.Name ?? "" })}
                </Button>
              )}
            </Group>
          </Stack>
        </Fieldset>
      ))}
      {!readOnly && (
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size="1rem" aria-hidden />}
            onClick={add}
          >
            {t("Add a package")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface ReferenceProps {
  reference: PackageReference;
  error: string | undefined;
  readOnly: boolean;
  onChange: (reference: PackageReference) => void;
}

/** Feed, package id with what the feed finds, and where the package is fetched. */
function ReferenceFields({ reference, error, readOnly, onChange }: ReferenceProps) {
  const { feeds } = useNames();
  const spaceId = useSpaceId();
  const feed = reference.FeedId || feeds.find((each) => each.FeedType === "BuiltIn")?.Id || "";
  const [term] = useDebouncedValue(reference.PackageId ?? "", 300);
  const found = useQuery({
    ...reading("other", "/api/{spaceId}/feeds/{id}/packages/search", {
      path: { spaceId, id: feed },
      query: { term, take: 20 },
    }),
    enabled: feed !== "" && !feed.includes("#{") && !term.includes("#{"),
    retry: false,
  }).data as { Items?: readonly { Id: string }[] } | undefined;
  const offered = [...new Set((found?.Items ?? []).map((each) => each.Id))];
  const known = feeds.map((each) => ({ value: each.Id, label: each.Name }));
  const listed =
    feed && !known.some((each) => each.value === feed) ? [...known, { value: feed, label: feed }] : known;
  return (
    <Group grow align="flex-start" gap="sm" preventGrowOverflow={false} wrap="wrap">
      <Select
        label={t("Feed")}
        readOnly={readOnly}
        allowDeselect={false}
        searchable
        data={listed}
        value={feed}
        onChange={(FeedId) => onChange({ ...reference, FeedId: FeedId ?? "" })}
        miw="12rem"
      />
      <Autocomplete
        label={t("Package id")}
        withAsterisk
        readOnly={readOnly}
        error={error}
        data={offered}
        filter={({ options }) => options}
        value={reference.PackageId ?? ""}
        onChange={(PackageId) => onChange({ ...reference, FeedId: feed, PackageId })}
        miw="12rem"
      />
      <Select
        label={t("Fetched by")}
        readOnly={readOnly}
        allowDeselect={false}
        data={[
          { value: "Server", label: t("The server, and pushed to targets") },
          { value: "ExecutionTarget", label: t("Each target itself") },
          { value: "NotAcquired", label: t("Nobody") },
        ]}
        value={reference.AcquisitionLocation ?? "Server"}
        onChange={(AcquisitionLocation) => onChange({ ...reference, AcquisitionLocation })}
        miw="12rem"
      />
    </Group>
  );
}
