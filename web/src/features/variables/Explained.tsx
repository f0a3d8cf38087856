import { Anchor, Badge, Group, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Schema } from "../../api/types";
import { useSpaceId } from "../../shell/space";
import { type Message, served, t } from "../../text";
import { projectAddress } from "../projects/shared";
import { ScopeChips } from "./AllVariables";
import { type Scope, TYPE_WORDS } from "./model";
import classes from "./Preview.module.css";
import { rankWord } from "./previewing";
import type { ScopeBook } from "./scopes";

type Explanation = Schema["VariableExplanation"];

const SOURCES: Record<string, Message> = {
  Prompt: "asked for",
  Output: "output",
  System: "the server's own",
  Property: "property",
  Later: "known later",
  Hidden: "hidden from you",
  None: "no value here",
};

interface Props {
  explained: Explanation;
  opened: boolean;
  onToggle: (opened: boolean) => void;
  project: Schema["Project"];
  book: ScopeBook;
}

/** One variable of a preview; opened, why it has its value. */
export function Explained({ explained, opened, onToggle, project, book }: Props) {
  const winner = explained.Candidates?.find((each) => each.IsWinner);
  const Icon = opened ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes.item}>
      <UnstyledButton className={classes.head} aria-expanded={opened} onClick={() => onToggle(!opened)}>
        <Icon size="1rem" aria-hidden />
        <span className="visually-hidden">{t("Why is it this value:")}</span>
        <span className={classes.name}>{explained.Name}</span>
        <span className={classes.value}>
          <Shown explained={explained} />
        </span>
        <span className={classes.from}>{winner?.SetName ?? t(SOURCES[explained.Source] ?? "")}</span>
      </UnstyledButton>
      {opened && <Why explained={explained} project={project} book={book} />}
    </li>
  );
}

function Shown({ explained }: { explained: Explanation }) {
  if (explained.IsSensitive) return <span className={classes.quiet}>●●●●●●</span>;
  if (explained.Value === null || explained.Value === undefined)
    return <span className={classes.quiet}>{t(SOURCES[explained.Source] ?? "no value here")}</span>;
  return <>{explained.Value || <span className={classes.quiet}>{t("(empty)")}</span>}</>;
}

function Why({ explained, project, book }: Pick<Props, "explained" | "project" | "book">) {
  const spaceId = useSpaceId();
  const { Candidates = [], References = [], Missing = [] } = explained;
  return (
    <div className={classes.why}>
      <Text fz="sm">{explained.Sentence}</Text>
      {explained.IsTied && (
        <Text fz="sm" c="var(--state-warning)">
          {t("Only the order decided between values that are equally specific. Narrow one of the scopes.")}
        </Text>
      )}
      {explained.Template !== null && explained.Template !== explained.Value && (
        <Text fz="sm">
          {t("Written as")} <code className={classes.code}>{explained.Template}</code>
        </Text>
      )}
      {explained.Error && (
        <Text fz="sm" c="var(--state-failed)">
          {explained.Error}
        </Text>
      )}
      {Missing.length > 0 && (
        <Text fz="sm" c="var(--state-warning)">
          {t("Nothing here is called {{names}}.", { names: Missing.join(", ") })}
        </Text>
      )}
      {Candidates.length > 0 && (
        <ul className={classes.candidates} aria-label={t("Values it might have had")}>
          {Candidates.map((each) => (
            <li
              key={`${each.SetId}/${each.VariableId}`}
              className={classes.candidate}
              data-winner={each.IsWinner || undefined}
            >
              {each.IsWinner ? (
                <IconCircleCheck size="1.1rem" aria-hidden />
              ) : (
                <IconCircleDashed size="1.1rem" aria-hidden />
              )}
              <div className={classes.about}>
                <code className={classes.code}>
                  {each.IsSensitive
                    ? "●●●●●●"
                    : each.Value === "" || each.Value === null
                      ? t("(empty)")
                      : each.Value}
                </code>
                <ScopeChips row={{ scope: each.Scope as Scope }} book={book} />
                <Text fz="sm">{each.Sentence}</Text>
                <Group gap="xs">
                  <Anchor
                    component={Link}
                    fz="sm"
                    to={rowAddress(spaceId, project, each.SetId)}
                    search={{ row: each.VariableId } as never}
                  >
                    {t("Row {{row}} of {{set}}", { row: each.Row, set: each.SetName })}
                  </Anchor>
                  {(each.Ranks ?? []).map((rank) => (
                    <Badge key={rank} variant="default" size="sm" tt="none">
                      {t("rank {{rank}}: {{word}}", { rank, word: t(rankWord(rank)) })}
                    </Badge>
                  ))}
                </Group>
              </div>
            </li>
          ))}
        </ul>
      )}
      {References.length > 0 && (
        <div>
          <Text fz="sm" fw={600}>
            {t("What its text mentions")}
          </Text>
          <ul className={classes.mentions}>
            {References.map((each) => (
              <li key={`${each.Within}/${each.Path}`}>
                <code className={classes.code}>#{`{${each.Path}}`}</code>{" "}
                {each.IsSensitive ? "●●●●●●" : (each.Value ?? t(SOURCES[each.Source] ?? ""))} ·{" "}
                {each.Sentence}
              </li>
            ))}
          </ul>
        </div>
      )}
      {explained.Type !== "String" && (
        <Text fz="sm" c="dimmed">
          {t("Type: {{type}}", { type: served(TYPE_WORDS[explained.Type] ?? explained.Type) })}
        </Text>
      )}
    </div>
  );
}

function rowAddress(spaceId: string, project: Schema["Project"], setId: string): string {
  const owner = setId.replace(/^variableset-/, "");
  return owner === project.Id
    ? projectAddress(spaceId, project, "variables")
    : `/${spaceId}/library/variable-sets/${owner}`;
}
