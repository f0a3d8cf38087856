import { Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { asLocal } from "../../parts/localTime";
import { t } from "../../text";
import type { Times } from "./asking";
import classes from "./Deploy.module.css";

interface Props {
  later: boolean;
  times: Times;
  problems: { start?: string; expiry?: string };
  onChange: (times: Times, later: boolean) => void;
}

const HOUR = 3_600_000;

/** When it starts, and until when it may still start; in the viewer's own zone. */
export function Timing({ later, times, problems, onChange }: Props) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const choose = (value: string) => {
    if (value === "now") return onChange({ start: "", expiry: "" }, false);
    onChange({ start: asLocal(new Date(Date.now() + HOUR)), expiry: "" }, true);
  };
  return (
    <fieldset className={classes.card}>
      <legend className={classes.legend}>{t("When")}</legend>
      <Stack gap="sm">
        <SegmentedControl
          aria-label={t("When")}
          data={[
            { value: "now", label: t("Now") },
            { value: "later", label: t("Later") },
          ]}
          value={later ? "later" : "now"}
          onChange={choose}
        />
        {later && (
          <Group align="flex-start" grow preventGrowOverflow={false}>
            <TextInput
              type="datetime-local"
              label={t("Start")}
              required
              value={times.start}
              error={problems.start}
              onChange={(event) => onChange({ ...times, start: event.currentTarget.value }, later)}
            />
            <TextInput
              type="datetime-local"
              label={t("Not after")}
              value={times.expiry}
              error={problems.expiry}
              onChange={(event) => onChange({ ...times, expiry: event.currentTarget.value }, later)}
            />
          </Group>
        )}
        {later && (
          <Text size="xs" c="dimmed">
            {t("Times are in your zone, {{zone}}. At most 30 days ahead.", { zone })}
          </Text>
        )}
      </Stack>
    </fieldset>
  );
}
