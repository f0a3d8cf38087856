import { Checkbox, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import type { Schema } from "../../api/types";
import type { Moved } from "../../parts/draft";
import { Refused } from "../../parts/Refused";
import { SaveBar } from "../../parts/SaveBar";
import { SecretInput } from "../../parts/SecretInput";
import type { useSaving } from "../../parts/saving";
import { t } from "../../text";
import { FIELDS, feedBody, KINDS, kindOf, type Member } from "./kinds";

type Feed = Partial<Schema["Feed"]>;

interface Props {
  feed: Feed;
  onChange: (changed: Feed) => void;
  saving: ReturnType<typeof useSaving>;
  dirty: boolean;
  moved?: Moved | undefined;
  onSave: () => void;
  onReset: () => void;
  spaceId: string;
  why: string | undefined;
}

/** The names a refusal may speak of. */
export const FEED_FIELDS = ["Name", "FeedType", ...Object.keys(FIELDS)];

/** What a feed of its type asks for. Passwords are only ever written. */
export function FeedForm({ feed, onChange, saving, dirty, moved, onSave, onReset, spaceId, why }: Props) {
  const fresh = !feed.Id;
  const kind = kindOf(feed.FeedType ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!why && !saving.busy) onSave();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm" maw="40rem">
        <Refused sentences={saving.others} />
        {fresh && (
          <Select
            label={t("Type")}
            data={Object.entries(KINDS).map(([value, each]) => ({ value, label: t(each.text) }))}
            value={feed.FeedType ?? null}
            allowDeselect={false}
            error={saving.errorOf("FeedType")}
            onChange={(FeedType) => FeedType && onChange({ FeedType })}
          />
        )}
        <TextInput
          label={t("Name")}
          required
          readOnly={feed.FeedType === "BuiltIn"}
          value={feed.Name ?? ""}
          error={saving.errorOf("Name")}
          onChange={(event) => onChange({ Name: event.currentTarget.value })}
        />
        {kind.members.map((member) => (
          <MemberField
            key={member}
            member={member}
            feed={feed}
            example={kind.example}
            error={saving.errorOf(member)}
            onChange={onChange}
          />
        ))}
        <SaveBar
          dirty={dirty}
          fresh={fresh}
          moved={moved}
          busy={saving.busy}
          why={why}
          onReset={onReset}
          {...(fresh ? { action: t("Add the feed") } : {})}
          request={() => ({
            method: fresh ? "POST" : "PUT",
            template: fresh ? "/api/{spaceId}/feeds" : "/api/{spaceId}/feeds/{id}",
            path: { spaceId, ...(feed.Id ? { id: feed.Id } : {}) },
            body: shown(feed),
          })}
        />
      </Stack>
    </form>
  );
}

/** The body without what was typed into secrets. */
function shown(feed: Feed): Feed {
  const entries = Object.entries(feedBody(feed)).map(([name, value]) =>
    value !== null && typeof value === "object" && "NewValue" in value && value.NewValue
      ? [name, { ...value, NewValue: "$SECRET" }]
      : [name, value],
  );
  return Object.fromEntries(entries) as Feed;
}

interface FieldProps {
  member: Member;
  feed: Feed;
  example: string | undefined;
  error: string | undefined;
  onChange: (changed: Feed) => void;
}

function MemberField({ member, feed, example, error, onChange }: FieldProps) {
  const { label, help, control } = FIELDS[member];
  const value = feed[member];
  const set = (changed: unknown) => onChange({ [member]: changed } as Feed);
  const common = { label: t(label), description: help ? t(help) : undefined, error };
  if (control === "yes")
    return (
      <Checkbox {...common} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />
    );
  if (control === "number")
    return (
      <NumberInput
        {...common}
        allowDecimal={false}
        allowNegative={false}
        value={typeof value === "number" ? value : ""}
        onChange={(given) => set(typeof given === "number" ? given : null)}
      />
    );
  if (control === "secret")
    return (
      <SecretInput
        label={common.label}
        description={common.description}
        error={error}
        value={value as Schema["SensitiveValue"] | undefined}
        onChange={set}
      />
    );
  return (
    <TextInput
      {...common}
      autoComplete="off"
      placeholder={member === "FeedUri" ? example : undefined}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}
