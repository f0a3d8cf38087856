import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { ActionIcon, Group, Menu } from "@mantine/core";
import {
  IconAlertCircle,
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconGripVertical,
  IconPlayerPause,
  IconPlayerPlay,
  IconSubtask,
  IconTrash,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { t } from "../../text";
import { factsOf } from "./facts";
import { isDisabled, moved, numberOf, type Step, type StepForm } from "./model";
import classes from "./Process.module.css";
import type { Problem } from "./problems";
import { useGo } from "./SearchLink";

export interface ListProps {
  steps: readonly Step[];
  types: readonly StepForm[];
  problems: readonly Problem[];
  current: string | undefined;
  action: string | undefined;
  readOnly: boolean;
  onMove: (steps: readonly Step[]) => void;
  onCopy: (step: Step) => void;
  onSwitch: (step: Step) => void;
  onRemove: (step: Step) => void;
}

/** The steps in their order; by handle, by keyboard on the handle, or by the menu they change places. */
export function StepList(props: ListProps) {
  const { steps, onMove } = props;
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const place = (id: string | number) => steps.findIndex((step) => step.Id === id);
  const nameAt = (id: string | number) => steps[place(id)]?.Name ?? "";
  const drop = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) onMove(moved(steps, place(active.id), place(over.id)));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={drop}
      accessibility={{
        screenReaderInstructions: {
          draggable: t(
            "Space takes the step up; the arrow keys move it; Space puts it down, Escape leaves it.",
          ),
        },
        announcements: {
          onDragStart: ({ active }) => t("Took up {{name}}.", { name: nameAt(active.id) }),
          onDragOver: ({ active, over }) =>
            over
              ? t("{{name}} is at place {{place}} of {{count}}.", {
                  name: nameAt(active.id),
                  place: place(over.id) + 1,
                  count: steps.length,
                })
              : undefined,
          onDragEnd: ({ active, over }) =>
            over
              ? t("Put {{name}} down at place {{place}}.", {
                  name: nameAt(active.id),
                  place: place(over.id) + 1,
                })
              : undefined,
          onDragCancel: ({ active }) => t("{{name}} stays where it was.", { name: nameAt(active.id) }),
        },
      }}
    >
      <SortableContext items={steps.map((step) => step.Id)} strategy={verticalListSortingStrategy}>
        <ol className={classes.list} aria-label={t("Steps")}>
          {steps.map((step, at) => (
            <Row key={step.Id} {...props} step={step} at={at} />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}

function Row(props: ListProps & { step: Step; at: number }) {
  const { step, at, steps, types, problems, current, action, readOnly, onMove } = props;
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } =
    useSortable({
      id: step.Id,
      disabled: readOnly,
    });
  const wrong = problems.filter((each) => each.step === at).length;
  const move = (by: number) => onMove(moved(steps, at, at + by));
  return (
    <li
      ref={setNodeRef}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      className={`${classes.step} ${isDisabled(step) ? classes.off : ""}`}
      data-step={step.Name}
      {...(at > 0 && step.StartTrigger === "StartWithPrevious" ? { "data-together": true } : {})}
      {...(current === step.Id ? { "data-current": true } : {})}
      {...(isDragging ? { "data-dragging": true } : {})}
    >
      {readOnly ? (
        <span />
      ) : (
        <ActionIcon
          ref={setActivatorNodeRef}
          variant="subtle"
          color="gray"
          {...attributes}
          {...listeners}
          aria-label={t("Move {{name}}", { name: step.Name })}
        >
          <IconGripVertical size="1.1rem" aria-hidden />
        </ActionIcon>
      )}
      <div>
        <Link
          to="."
          search={{ step: step.Id }}
          className={classes.name}
          {...(current === step.Id && !action ? { "aria-current": "page" as const } : {})}
          onKeyDown={(event) => {
            const by = event.altKey && !readOnly ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
            if (!by) return;
            event.preventDefault();
            move(by);
          }}
        >
          {numberOf(at)}. {step.Name}
        </Link>
        <div className={classes.facts}>
          {wrong > 0 && (
            <span className={`${classes.fact} ${classes.wrong}`}>
              <IconAlertCircle size="1em" aria-hidden />
              {t("{{count}} problems", { count: wrong, one: "{{count}} problem" })}
            </span>
          )}
          {factsOf(step, at, types).map((fact) => (
            <span key={fact} className={classes.fact}>
              {fact}
            </span>
          ))}
        </div>
        {step.Actions.length > 1 && (
          <ol className={classes.children} aria-label={t("Actions of {{name}}", { name: step.Name })}>
            {step.Actions.map((each, child) => (
              <li key={each.Id}>
                <Link
                  to="."
                  search={{ step: step.Id, action: each.Id }}
                  {...(action === each.Id ? { "aria-current": "page" as const } : {})}
                >
                  {numberOf(at, child)} {each.Name}
                </Link>
              </li>
            ))}
          </ol>
        )}
      </div>
      {!readOnly && (
        <Group gap={2} wrap="nowrap">
          {!current && (
            <>
              <ActionIcon
                variant="subtle"
                color="gray"
                visibleFrom="sm"
                disabled={at === 0}
                aria-label={t("Move {{name}} up", { name: step.Name })}
                onClick={() => move(-1)}
              >
                <IconArrowUp size="1.1rem" aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                visibleFrom="sm"
                disabled={at === steps.length - 1}
                aria-label={t("Move {{name}} down", { name: step.Name })}
                onClick={() => move(1)}
              >
                <IconArrowDown size="1.1rem" aria-hidden />
              </ActionIcon>
            </>
          )}
          <Doings {...props} move={move} />
        </Group>
      )}
    </li>
  );
}

function Doings({ step, at, steps, move, onCopy, onSwitch, onRemove }: ListProps & DoingsProps) {
  const off = isDisabled(step);
  const go = useGo();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t("More for {{name}}", { name: step.Name })}>
          <IconDots size="1.1rem" aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp size="1rem" aria-hidden />}
          disabled={at === 0}
          onClick={() => move(-1)}
        >
          {t("Move up")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size="1rem" aria-hidden />}
          disabled={at === steps.length - 1}
          onClick={() => move(1)}
        >
          {t("Move down")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconCopy size="1rem" aria-hidden />} onClick={() => onCopy(step)}>
          {t("Clone")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconSubtask size="1rem" aria-hidden />}
          onClick={() => go({ step: step.Id, add: "all", into: step.Id })}
        >
          {t("Add a child action")}
        </Menu.Item>
        <Menu.Item
          leftSection={
            off ? <IconPlayerPlay size="1rem" aria-hidden /> : <IconPlayerPause size="1rem" aria-hidden />
          }
          onClick={() => onSwitch(step)}
        >
          {off ? t("Enable") : t("Disable")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="red"
          leftSection={<IconTrash size="1rem" aria-hidden />}
          onClick={() => onRemove(step)}
        >
          {t("Delete")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface DoingsProps {
  step: Step;
  at: number;
  move: (by: number) => void;
}
