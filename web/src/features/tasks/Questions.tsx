import { Anchor, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post, put } from "../../api/client";
import { stale, useQuery as useReading } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { Refused } from "../../parts/Refused";
import { StateMark } from "../../parts/StateMark";
import { useSaving } from "../../parts/saving";
import { When } from "../../parts/When";
import { WhyButton } from "../../parts/WhyButton";
import { t } from "../../text";
import { lastLines } from "./excerpt";
import { plain } from "./log/ansi";
import { asked, type Choice, EFFECTS } from "./questions";
import { questions } from "./reads";
import classes from "./tasks.module.css";

interface Props {
  spaceId: string;
  taskId: string;
  onNode: (node: string | undefined) => void;
}

type Interruption = Schema["Interruption"];

/** What a task asks of people, answered where it stands. A live region says that somebody is needed. */
export function Questions({ spaceId, taskId, onNode }: Props) {
  const { data, error } = useReading(questions(spaceId, taskId));
  const pending = (data?.Items ?? []).filter((one) => one.IsPending);
  return (
    <>
      <div className="visually-hidden" role="alert">
        {pending.length > 0 && t("Somebody is needed: {{title}}", { title: pending[0]?.Title ?? "" })}
      </div>
      <Refused error={error} />
      {pending.map((one) => (
        <Question key={one.Id} one={one} spaceId={spaceId} onNode={onNode} />
      ))}
    </>
  );
}

function Question({ one, spaceId, onNode }: { one: Interruption; spaceId: string } & Pick<Props, "onNode">) {
  const { about, field, choices } = asked(one);
  const [Notes, setNotes] = useState("");
  const [sure, setSure] = useState<Choice>();
  const saving = useSaving();
  const other = one.ResponsibleUserId && !one.HasResponsibility ? one.ResponsibleUserId : undefined;
  const why = !one.CanTakeResponsibility
    ? t("You need the permission {{permission}} for this. Who manages your teams can give it.", {
        permission: "InterruptionSubmit",
      })
    : other
      ? t("{{who}} took this on. Take it over first.", { who: other })
      : undefined;
  const answer = async (choice: Choice) => {
    await saving.run(
      async () => {
        const path = { spaceId, id: one.Id };
        await post("/api/{spaceId}/interruptions/{id}/submit", {
          path,
          body: { [field]: choice.value, Notes: Notes || null },
        });
        stale("interruption", "task");
      },
      t("Answered: {{answer}}", { answer: choice.text }),
    );
    setSure(undefined);
  };
  const take = () =>
    void saving.run(async () => {
      await put("/api/{spaceId}/interruptions/{id}/responsible", { path: { spaceId, id: one.Id } });
      stale("interruption");
    });
  return (
    <section className={classes.card} data-tone="waiting" aria-label={one.Title}>
      <Stack gap="sm">
        <Group gap="xs">
          <StateMark state="waiting" />
          <h2 className={classes.heading}>{one.Title}</h2>
          <Text fz="sm" c="dimmed">
            {t("asked")} <When at={one.Created} />
          </Text>
        </Group>
        {about && about !== one.Title && <Text className={classes.about ?? ""}>{about}</Text>}
        {one.Type === "GuidedFailure" && <Excerpt one={one} onNode={onNode} />}
        <Group gap="xs">
          <Text fz="sm">
            {one.HasResponsibility
              ? t("You took this on.")
              : other
                ? t("{{who}} took this on.", { who: other })
                : t("Nobody has taken this on yet.")}
          </Text>
          {!one.HasResponsibility && one.CanTakeResponsibility && (
            <Button size="compact-sm" variant="default" onClick={take}>
              {other ? t("Take it over") : t("Take it on")}
            </Button>
          )}
        </Group>
        <Textarea
          label={t("Notes")}
          description={t("They are kept with the answer.")}
          autosize
          minRows={1}
          maxRows={6}
          maw="40rem"
          value={Notes}
          onChange={(event) => setNotes(event.currentTarget.value)}
        />
        <Refused sentences={saving.others} />
        <Group gap="sm" align="flex-start">
          {choices.map((choice, at) => (
            <Stack key={choice.value} gap={2} w="11rem">
              <WhyButton
                why={why}
                variant={at === 0 ? "filled" : "default"}
                loading={saving.busy}
                onClick={() => (choice.grave ? setSure(choice) : void answer(choice))}
              >
                {choice.text}
              </WhyButton>
              <Text fz="xs" c="dimmed">
                {t(EFFECTS[choice.value] ?? "")}
              </Text>
            </Stack>
          ))}
        </Group>
      </Stack>
      <Dialog opened={sure !== undefined} onClose={() => setSure(undefined)} title={sure?.text}>
        <Text>{t(EFFECTS[sure?.value ?? ""] ?? "This cannot be taken back.")}</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setSure(undefined)}>
            {t("Back")}
          </Button>
          <Button color="red" data-autofocus loading={saving.busy} onClick={() => sure && void answer(sure)}>
            {sure?.text}
          </Button>
        </Group>
      </Dialog>
    </section>
  );
}

/** The last lines of what failed, so that nobody has to look for them. */
function Excerpt({ one, onNode }: { one: Interruption; onNode: Props["onNode"] }) {
  const { data } = useQuery({
    queryKey: ["excerpt", one.CorrelationId, one.Id],
    queryFn: ({ signal }) => lastLines(one.TaskId, one.CorrelationId, 8, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!data || data.length === 0) return null;
  return (
    <div>
      <pre className={classes.excerpt}>
        {data.map((line) => (
          <span
            key={line.Number}
            data-grave={line.Category === "Error" || line.Category === "Fatal" || undefined}
          >{`${plain(line.Text)}\n`}</span>
        ))}
      </pre>
      <Anchor component="button" type="button" fz="sm" onClick={() => onNode(one.CorrelationId)}>
        {t("Its whole log")}
      </Anchor>
    </div>
  );
}
