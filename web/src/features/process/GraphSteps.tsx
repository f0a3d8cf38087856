import { Drawer, Stack } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { t } from "../../text";
import { focusSpot, GraphView } from "./GraphView";
import type { Step, StepForm } from "./model";
import { OpenStep } from "./OpenStep";
import type { Problem } from "./problems";
import { useGo } from "./SearchLink";
import type { ProcessSearch } from "./search";

interface Props {
  steps: readonly Step[];
  types: readonly StepForm[];
  problems: readonly Problem[];
  search: ProcessSearch;
  readOnly: boolean;
  change: (to: (steps: readonly Step[]) => readonly Step[]) => void;
}

/** The graph, and beside it the form of what was opened in it. */
export function GraphSteps({ steps, types, problems, search, readOnly, change }: Props) {
  const go = useGo();
  const step = steps.find((each) => each.Id === search.step);
  const action = step?.Actions.find((each) => each.Id === search.action);
  const spot = step && { step: step.Id, action: action?.Id };
  const close = () => go({ view: "graph", ...spot });
  const opened = search.edit === true && step !== undefined;
  const before = useRef({ opened, spot });
  useEffect(() => {
    const { opened: was, spot: last } = before.current;
    before.current = { opened, spot };
    if (was && !opened && last) requestAnimationFrame(() => focusSpot(last));
  });
  /** Escape leaves an editor of text first, and a list of choices; then the form. */
  const leave = (event: KeyboardEvent<HTMLElement>) => {
    const within = event.target instanceof Element && event.target.closest(".cm-editor");
    if (event.key === "Escape" && !event.defaultPrevented && !within) close();
  };
  return (
    <>
      <GraphView
        {...{ steps, types, problems, spot }}
        onChoose={(chosen) => go({ view: "graph", ...chosen }, true)}
      />
      <Drawer
        opened={opened}
        returnFocus={false}
        onClose={close}
        onKeyDown={leave}
        closeOnEscape={false}
        position="right"
        size="min(100%, 46rem)"
        title={t("Step of the process")}
        closeButtonProps={{ "aria-label": t("Back to the graph") }}
      >
        {step && (
          <Stack gap="xs">
            <OpenStep {...{ steps, step, action, types, problems, readOnly, change }} />
          </Stack>
        )}
      </Drawer>
    </>
  );
}
