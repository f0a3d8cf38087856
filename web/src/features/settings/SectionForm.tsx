import { Select, Switch, TextInput } from "@mantine/core";
import { put } from "../../api/client";
import { reading, stale, useSuspenseQuery } from "../../api/queries";
import { useDraft } from "../../parts/draft";
import { Form } from "../../parts/Form";
import { SaveBar } from "../../parts/SaveBar";
import { Section } from "../../parts/Section";
import { useSaving } from "../../parts/saving";
import { useMissing } from "../../shell/missing";
import { served, t } from "../../text";
import { type Property, propertiesOf, wordsOf } from "./form";

/** Where a section is read and written. */
export type Place =
  | "/api/serverconfiguration"
  | "/api/gurita/authentication-settings"
  | "/api/featuresconfiguration"
  | "/api/performanceconfiguration"
  | "/api/upgradeconfiguration";

type Values = Record<string, unknown>;

/** A section of the settings as a form: labels, help and choices are the API's own. */
export function SectionForm({ id, title, place }: { id: string; title: string; place: Place }) {
  const about = useSuspenseQuery(reading("other", "/api/configuration/{id}/metadata", { path: { id } })).data;
  const loaded = useSuspenseQuery(reading("other", place)).data as unknown as Values;
  const { draft, set, dirty, reset, settle, moved } = useDraft(loaded);
  const properties = propertiesOf(about.Types);
  const saving = useSaving(properties.map((one) => one.name));
  const why = useMissing("ConfigureServer");
  const save = async () => {
    await saving.run(async () => {
      settle((await put(place, { body: draft as never })) as never);
      stale("other");
    }, t("Saved"));
  };
  return (
    <Section title={title} about={about.Description}>
      <Form saving={saving} onSend={save} maw="36rem">
        {properties.map((one) => (
          <Field
            key={one.name}
            property={one}
            value={draft[one.name]}
            onChange={(value) => set({ [one.name]: value })}
            error={saving.errorOf(one.name)}
            readOnly={Boolean(why)}
          />
        ))}
        <SaveBar
          dirty={dirty}
          busy={saving.busy}
          why={why}
          onReset={reset}
          moved={moved}
          request={() => ({
            method: "PUT",
            template: place,
            body: Object.fromEntries(properties.map((one) => [one.name, draft[one.name]])),
          })}
        />
      </Form>
    </Section>
  );
}

interface FieldProps {
  property: Property;
  value: unknown;
  onChange: (value: unknown) => void;
  error: string | undefined;
  readOnly: boolean;
}

function Field({ property, value, onChange, error, readOnly }: FieldProps) {
  const shared = { label: served(property.label), description: served(property.help), error };
  if (property.kind === "switch")
    return (
      <Switch
        {...shared}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
        disabled={readOnly}
      />
    );
  if (property.kind === "choice")
    return (
      <Select
        {...shared}
        data={property.choices.map((choice) => ({ value: choice, label: served(wordsOf(choice)) }))}
        value={String(value ?? "")}
        onChange={(chosen) => onChange(chosen)}
        allowDeselect={false}
        readOnly={readOnly}
      />
    );
  return (
    <TextInput
      {...shared}
      value={String(value ?? "")}
      onChange={(event) => onChange(event.currentTarget.value)}
      readOnly={readOnly}
    />
  );
}
