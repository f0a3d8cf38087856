import { Accordion, Group, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { Refused } from "../../parts/Refused";
import { type Message, served, t } from "../../text";
import { Conditions } from "./Conditions";
import { FieldControl } from "./FieldControl";
import { typeOf } from "./facts";
import { type FormField, type FormSection, isMissing, isShown, referencesOf, summaryOf } from "./form";
import { type Action, numberOf, renamed, type Step, type StepForm, withAction } from "./model";
import classes from "./Process.module.css";
import { elsewhere, errorAt, ofAction, ofStep, type Problem } from "./problems";
import { SearchLink } from "./SearchLink";
import { summaryOfPlace, WhereItRuns } from "./WhereItRuns";

interface Props {
  step: Step;
  at: number;
  /** The action shown; undefined shows what all actions of the step share. */
  action: Action | undefined;
  types: readonly StepForm[];
  problems: readonly Problem[];
  onChange: (step: Step) => void;
  readOnly: boolean;
}

/** A step as a form: what it is, what it does, where it runs, and when. */
export function StepEditor(props: Props) {
  const { step, at, types, problems } = props;
  const alone = step.Actions.length === 1;
  const action = props.action ?? (alone ? step.Actions[0] : undefined);
  const place = action ? step.Actions.indexOf(action) : -1;
  const own = [
    ...(alone || !action ? ofStep(problems, at) : []),
    ...(action ? ofAction(problems, at, place) : []),
  ];
  const title = alone || !action ? step.Name : action.Name;
  return (
    <Stack gap="sm" component="section" aria-label={title}>
      <Group justify="space-between" align="baseline" gap="xs">
        <Title order={3} size="h4">
          {numberOf(at, alone || !action ? undefined : place)}. {title}{" "}
          {action && (
            <Text span c="dimmed" fz="sm" fw={400}>
              {typeOf(action, types)}
            </Text>
          )}
        </Title>
        {action && !alone && (
          <SearchLink search={{ step: step.Id }} fz="sm">
            {t("What all actions of {{name}} share", { name: step.Name })}
          </SearchLink>
        )}
      </Group>
      <Parts key={`${step.Id}/${action?.Id ?? ""}`} {...props} action={action} own={own} alone={alone} />
      {!action && (
        <div className={classes.panel}>
          <Text fw={550}>{t("Actions, in this order on each target")}</Text>
          <ol className={classes.children}>
            {step.Actions.map((each, child) => (
              <li key={each.Id}>
                <SearchLink search={{ step: step.Id, action: each.Id }}>
                  {numberOf(at, child)} {each.Name}
                </SearchLink>{" "}
                <Text span fz="sm" c="dimmed">
                  {typeOf(each, types)}
                </Text>
              </li>
            ))}
          </ol>
        </div>
      )}
    </Stack>
  );
}

type PartsProps = Props & { own: readonly Problem[]; alone: boolean };

interface Part {
  key: string;
  title: string;
  summary: string;
  fields: readonly string[];
  body: () => React.ReactNode;
}

function Parts(props: PartsProps) {
  const { step, action, types, own, alone, onChange, readOnly } = props;
  const form = types.find((each) => each.Name.toLowerCase() === action?.ActionType.toLowerCase());
  const put = (changed: Action) => onChange(withAction(step, changed));
  const parts: Part[] = [
    namePart(props),
    ...(action && form
      ? form.Sections.map((section) => formPart(section, form, action, own, put, readOnly))
      : []),
    {
      key: "where",
      title: t("Where it runs"),
      summary: summaryOfPlace(step, action),
      fields: ["Octopus.Action.TargetRoles", "Octopus.Action.MaxParallelism", "WorkerPoolId"],
      body: () => <WhereItRuns {...{ step, action, alone, own, onChange, readOnly }} />,
    },
    {
      key: "when",
      title: t("When it runs"),
      summary: alone || !action ? whenWords(step) : t("Environments, channels, condition"),
      fields: [
        "Octopus.Step.ConditionVariableExpression",
        "Octopus.Action.ConditionVariableExpression",
        "ExcludedEnvironments",
        "Environments",
        "Channels",
        "IsDisabled",
        "IsRequired",
      ],
      body: () => <Conditions {...{ step, action, alone, own, onChange, readOnly }} />,
    },
  ];
  const wrong = parts.filter((part) => errorAt(own, ...part.fields)).map((part) => part.key);
  const [opened, setOpened] = useState(() => [
    "name",
    ...(action && form
      ? form.Sections.filter((section, index) => index === 0 || lacks(section, form, action)).map(
          (each) => each.Name,
        )
      : []),
    ...(alone || !action ? ["where"] : []),
  ]);
  const loose = elsewhere(
    own,
    parts.flatMap((part) => part.fields),
  );
  return (
    <>
      <Refused sentences={loose.map((each) => (each.field ? `${each.field}: ${each.text}` : each.text))} />
      {action && !form && (
        <Text role="note" className={classes.panel}>
          {t(
            "This server does not run steps of the type {{type}}. It is kept as it is; a deployment that needs it is refused in its plan. The code view shows all of it.",
            { type: action.ActionType },
          )}
        </Text>
      )}
      <Accordion
        multiple
        variant="separated"
        order={4}
        value={[...new Set([...opened, ...wrong])]}
        onChange={setOpened}
        chevronPosition="left"
      >
        {parts.map((part) => {
          const open = opened.includes(part.key) || wrong.includes(part.key);
          return (
            <Accordion.Item key={part.key} value={part.key} className={classes.part}>
              <Accordion.Control>
                <Text fw={550}>{part.title}</Text>
                {!open && <div className={classes.summary}>{part.summary}</div>}
              </Accordion.Control>
              <Accordion.Panel>{open && part.body()}</Accordion.Panel>
            </Accordion.Item>
          );
        })}
      </Accordion>
    </>
  );
}

const lacks = (section: FormSection, form: StepForm, action: Action): boolean => {
  const all = form.Sections.flatMap((each) => each.Fields);
  return section.Fields.some(
    (field) => isShown(field, all, action.Properties) && isMissing(field, action) && field.Kind !== "lines",
  );
};

const WHEN: Record<Step["Condition"], Message> = {
  Success: "If all went well so far",
  Failure: "Only after a failure",
  Always: "Always",
  Variable: "If an expression is true",
};

const whenWords = (step: Step): string => t(WHEN[step.Condition]);

function namePart({ step, action, own, alone, onChange, readOnly }: PartsProps): Part {
  const ofAll = alone || !action;
  return {
    key: "name",
    title: t("Name and notes"),
    summary: (ofAll ? step.Name : action.Name) ?? "",
    fields: ["Name", "Slug", "ActionType", "Notes"],
    body: () => (
      <Stack gap="sm">
        <TextInput
          label={t("Name")}
          withAsterisk
          data-autofocus
          readOnly={readOnly}
          error={errorAt(own, "Name")}
          value={ofAll ? step.Name : action.Name}
          onChange={(event) => {
            const { value } = event.currentTarget;
            onChange(ofAll ? renamed(step, value) : withAction(step, { ...action, Name: value }));
          }}
        />
        {action && (
          <Textarea
            label={t("Notes")}
            description={t("Why this is here, for whoever reads the process next.")}
            readOnly={readOnly}
            autosize
            minRows={2}
            value={action.Notes ?? ""}
            onChange={(event) =>
              onChange(withAction(step, { ...action, Notes: event.currentTarget.value || null }))
            }
          />
        )}
      </Stack>
    ),
  };
}

function formPart(
  section: FormSection,
  form: StepForm,
  action: Action,
  own: readonly Problem[],
  put: (action: Action) => void,
  readOnly: boolean,
): Part {
  const all = form.Sections.flatMap((each) => each.Fields);
  const shown = section.Fields.filter((field) => isShown(field, all, action.Properties));
  const namesOf = (field: FormField) => [
    ...(field.Kind === "packages" ? [] : [field.Name]),
    ...referencesOf(field, action),
  ];
  return {
    key: section.Name,
    title: served(section.Title),
    summary: summaryOf(section, action, all),
    fields: section.Fields.flatMap(namesOf),
    body: () => (
      <Stack gap="md">
        {shown.map((field) => (
          <FieldControl
            key={field.Name}
            field={field}
            fields={all}
            action={action}
            onChange={put}
            error={errorAt(own, ...namesOf(field))}
            readOnly={readOnly}
          />
        ))}
      </Stack>
    ),
  };
}
