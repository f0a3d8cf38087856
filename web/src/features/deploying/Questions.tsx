import { Checkbox, PasswordInput, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { t } from "../../text";
import type { Question } from "./asking";
import classes from "./Deploy.module.css";
import { ReferenceField } from "./ReferenceField";

interface Props {
  questions: readonly Question[];
  given: Readonly<Record<string, string>>;
  /** The names of the steps, for questions that name one. */
  steps: readonly string[];
  onChange: (key: string, answer: string) => void;
  /** What the server said of an answer. */
  errorOf: (key: string) => string | undefined;
}

/** What whoever deploys is asked for: the prompted variables. What is typed into a secret is not shown again. */
export function Questions({ questions, given, steps, onChange, errorOf }: Props) {
  if (questions.length === 0) return null;
  return (
    <fieldset className={classes.card}>
      <legend className={classes.legend}>{t("Values")}</legend>
      <Stack gap="sm">
        {questions.map((question) => (
          <Field
            key={question.key}
            question={question}
            steps={steps}
            value={given[question.key] ?? question.start}
            error={errorOf(question.key)}
            onChange={(answer) => onChange(question.key, answer)}
          />
        ))}
      </Stack>
    </fieldset>
  );
}

interface FieldProps {
  question: Question;
  steps: readonly string[];
  value: string;
  error: string | undefined;
  onChange: (answer: string) => void;
}

function Field({ question, steps, value, error, onChange }: FieldProps) {
  const { control, options } = question;
  const common = {
    label: question.label,
    description: question.help || undefined,
    error,
    "data-question": question.name,
  };
  const needed = { required: question.required, ...common };
  const typed = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value);
  if (control === "yes")
    return (
      <Checkbox
        {...common}
        checked={value.toLowerCase() === "true"}
        onChange={(event) => onChange(event.currentTarget.checked ? "True" : "False")}
      />
    );
  if (control === "choice" && options.length > 0)
    return (
      <Select
        {...needed}
        data={[...options]}
        value={value || null}
        onChange={(chosen) => onChange(chosen ?? "")}
      />
    );
  if (control === "secret")
    return (
      <PasswordInput
        {...common}
        autoComplete="new-password"
        withAsterisk={question.required}
        value={value}
        onChange={typed}
      />
    );
  if (control === "reference")
    return (
      <ReferenceField
        {...needed}
        kind={question.kind}
        steps={steps}
        name={question.name}
        description={common.description}
        value={value}
        onChange={onChange}
      />
    );
  if (control === "lines")
    return <Textarea {...needed} autosize minRows={3} value={value} onChange={typed} />;
  return (
    <TextInput
      {...needed}
      placeholder={question.kind === "Package" ? t("The id of a package") : undefined}
      value={value}
      onChange={typed}
    />
  );
}
