import { Checkbox, Input, NumberInput, Select, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { Suspense } from "react";
import { Loading } from "../../parts/Loading";
import { later } from "../../parts/later";
import { served, t } from "../../text";
import { type FormField, isMissing, languageOf, settingOf } from "./form";
import { Help } from "./Help";
import { type Action, hasFeature, textOf, withFeature, withText } from "./model";
import { FurtherPackages, PrimaryPackage } from "./Packages";
import { useVariableNames } from "./reads";

const CodeEditor = later(() => import("../../parts/code/CodeEditor"));

export interface ControlProps {
  field: FormField;
  fields: readonly FormField[];
  action: Action;
  onChange: (action: Action) => void;
  error: string | undefined;
  readOnly: boolean;
}

/** One field of a step type's form, as its kind asks for. */
export function FieldControl({ field, fields, action, onChange, error, readOnly }: ControlProps) {
  const value = settingOf(field, action.Properties);
  const set = (text: string) =>
    onChange({
      ...action,
      Properties: withText(action.Properties, field.Name, text === field.Default ? "" : text),
    });
  const usual = {
    label: served(field.Label),
    description: <Help text={served(field.Help)} />,
    error,
    withAsterisk: field.Required,
    "data-field": field.Name,
  };
  switch (field.Kind) {
    case "checkbox":
      return (
        <Checkbox
          label={usual.label}
          description={usual.description}
          error={error}
          disabled={readOnly}
          checked={value.toLowerCase() === "true"}
          onChange={(event) => set(event.currentTarget.checked ? "True" : "False")}
        />
      );
    case "feature":
      return (
        <Switch
          label={usual.label}
          description={usual.description}
          error={error}
          disabled={readOnly}
          checked={hasFeature(action.Properties, field.Name)}
          onChange={(event) =>
            onChange({
              ...action,
              Properties: withFeature(action.Properties, field.Name, event.currentTarget.checked),
            })
          }
        />
      );
    case "select":
      return (
        <Select
          {...usual}
          readOnly={readOnly}
          allowDeselect={false}
          maw="24rem"
          data={choices(field, value)}
          value={value}
          onChange={(chosen) =>
            onChange({ ...action, Properties: withText(action.Properties, field.Name, chosen ?? "") })
          }
        />
      );
    case "number":
      return <NumberField usual={usual} field={field} value={value} set={set} readOnly={readOnly} />;
    case "lines":
      return (
        <Textarea
          {...usual}
          readOnly={readOnly}
          autosize
          minRows={2}
          maxRows={12}
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case "package":
      return <PrimaryPackage {...{ field, action, onChange, error, readOnly }} />;
    case "packages":
      return <FurtherPackages {...{ field, action, onChange, error, readOnly }} />;
    case "code":
      return (
        <CodeField
          {...{ field, error, readOnly, value }}
          language={languageOf(field, fields, action.Properties)}
          onChange={(text) =>
            onChange({ ...action, Properties: withText(action.Properties, field.Name, text) })
          }
        />
      );
    case "stage":
      return <StageField {...{ field, fields, action, onChange, error, readOnly }} />;
    default:
      return (
        <TextInput
          {...usual}
          readOnly={readOnly}
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
          {...(isMissing(field, action) && !error ? { "aria-required": true } : {})}
        />
      );
  }
}

/** A value nobody offers, such as an expression, stays a choice of its own. */
function choices(field: FormField, value: string) {
  const data = field.Choices.map((each) => ({ value: each.Value, label: served(each.Title) }));
  return value && !data.some((each) => each.value === value) ? [...data, { value, label: value }] : data;
}

interface NumberProps {
  usual: object;
  field: FormField;
  value: string;
  set: (text: string) => void;
  readOnly: boolean;
}

/** A number; where the value is an expression, a text. */
function NumberField({ usual, field, value, set, readOnly }: NumberProps) {
  if (value.includes("#{"))
    return (
      <TextInput
        {...usual}
        readOnly={readOnly}
        maw="24rem"
        value={value}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  return (
    <NumberInput
      {...usual}
      readOnly={readOnly}
      maw="12rem"
      min={field.Least}
      {...(field.Most ? { max: field.Most } : {})}
      allowDecimal={false}
      clampBehavior="none"
      value={value}
      onChange={(typed) => set(String(typed))}
    />
  );
}

interface CodeProps {
  field: FormField;
  label?: string;
  value: string;
  language: "bash" | "powershell" | "python" | "text";
  error: string | undefined;
  readOnly: boolean;
  onChange: (text: string) => void;
}

function CodeField({ field, label = field.Label, value, language, error, readOnly, onChange }: CodeProps) {
  const names = useVariableNames();
  return (
    <Input.Wrapper
      label={served(label)}
      labelElement="div"
      description={<Help text={served(field.Help)} />}
      error={error}
      withAsterisk={field.Required}
      data-field={field.Name}
    >
      <Suspense fallback={<Loading rows={3} />}>
        <CodeEditor
          value={value}
          onChange={onChange}
          language={language}
          label={served(label)}
          completions={names}
          readOnly={readOnly}
          minHeight={field.Kind === "code" ? 14 : 6}
        />
      </Suspense>
    </Input.Wrapper>
  );
}

const SPOKEN: Record<string, "bash" | "powershell" | "python"> = {
  sh: "bash",
  py: "python",
  ps1: "powershell",
};

/** The scripts of a stage: an editor for each language that has one, and the others to begin. */
function StageField({ field, action, onChange, error, readOnly }: ControlProps) {
  const nameOf = (value: string) => `${field.Name}.${value}`;
  const [first] = field.Choices;
  const written = field.Choices.filter((each) => nameOf(each.Value) in action.Properties);
  const shown = written.length > 0 ? written : first ? [first] : [];
  const others = field.Choices.filter((each) => !shown.includes(each));
  const set = (value: string, text: string | undefined) => {
    const { [nameOf(value)]: _, ...rest } = action.Properties;
    onChange({ ...action, Properties: text === undefined ? rest : { ...rest, [nameOf(value)]: text } });
  };
  return (
    <Stack gap="xs">
      {shown.map((each) => (
        <CodeField
          key={each.Value}
          {...{ field, readOnly }}
          label={`${field.Label} (${each.Title})`}
          error={each === shown[0] ? error : undefined}
          language={SPOKEN[each.Value] ?? "text"}
          value={textOf(action.Properties, nameOf(each.Value))}
          onChange={(text) => set(each.Value, text || undefined)}
        />
      ))}
      {!readOnly && others.length > 0 && (
        <Select
          size="xs"
          maw="16rem"
          aria-label={t("Add a {{stage}} in another language", { stage: field.Label })}
          placeholder={t("Add in another language")}
          data={others.map((each) => ({ value: each.Value, label: each.Title }))}
          value={null}
          onChange={(value) => value && set(value, "")}
        />
      )}
    </Stack>
  );
}
