import { IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { StateMark } from "../../parts/StateMark";
import { STATES, stateOf } from "../../parts/states";
import { duration, t } from "../../text";
import classes from "./tasks.module.css";
import { type Activity, each, folded, pathTo, shares, spanOf } from "./tree";

interface Props {
  root: Activity;
  now: number;
  /** The activity whose log is shown. */
  node: string | undefined;
  onNode: (node: string | undefined) => void;
}

/** A tree of no more activities is shown opened. */
const FEW = 25;

/** Steps, actions and targets with their states and times. Choosing one shows its log; many alike are folded. */
export function StepTree({ root, now, node, onNode }: Props) {
  const all = [...each(root)];
  const path = new Set((all.length <= FEW ? all : node ? pathTo(root, node) : []).map((one) => one.Id));
  const share = shares(root.children, now);
  return (
    <>
      <div className={classes.node} data-current={!node || node === root.Id || undefined}>
        <button type="button" className={classes.name} onClick={() => onNode(undefined)}>
          {t("The whole log")}
        </button>
        <Span of={root} now={now} />
      </div>
      <ul className={classes.tree}>
        {root.children.map((child) => (
          <Branch
            key={child.Id}
            activity={child}
            now={now}
            node={node}
            path={path}
            onNode={onNode}
            share={share.get(child.Id)}
          />
        ))}
      </ul>
    </>
  );
}

interface BranchProps extends Omit<Props, "root"> {
  activity: Activity;
  path: ReadonlySet<string>;
  share?: number | undefined;
}

const LIVELY = new Set(["Running", "Failed", "SuccessWithWarning"]);

function Branch({ activity, path, share, ...rest }: BranchProps) {
  const { now, node, onNode } = rest;
  const [chosen, setOpen] = useState<boolean>();
  const inner = activity.children.length > 0 || activity.earlier.length > 0;
  const open = chosen ?? (path.has(activity.Id) || LIVELY.has(activity.Status));
  const remark = activity.ProgressMessage;
  const percent = activity.Status === "Running" ? activity.ProgressPercentage : 0;
  return (
    <li>
      <div className={classes.node} data-current={node === activity.Id || undefined}>
        {inner ? (
          <button
            type="button"
            className={classes.opener}
            aria-expanded={open}
            aria-label={t("What is in {{name}}", { name: activity.Name })}
            onClick={() => setOpen(!open)}
          >
            <IconChevronRight size="1rem" aria-hidden />
          </button>
        ) : (
          <span className={classes.opener} aria-hidden />
        )}
        <StateMark state={stateOf(activity.Status)} compact />
        <button
          type="button"
          className={classes.name}
          aria-current={node === activity.Id || undefined}
          title={activity.Name}
          onClick={() => onNode(activity.Id)}
        >
          {activity.Name}
        </button>
        <Span of={activity} now={now} />
      </div>
      {remark && (
        <div className={classes.remark}>
          {percent > 0 ? t("{{percent}} %: {{text}}", { percent, text: remark }) : remark}
        </div>
      )}
      {percent > 0 && (
        <progress className="visually-hidden" max={100} value={percent} aria-label={activity.Name} />
      )}
      {share !== undefined && share > 0.02 && (
        <div className={classes.share} style={{ width: `calc((100% - 2.5rem) * ${share.toFixed(3)})` }} />
      )}
      {inner && open && <Inner activity={activity} path={path} {...rest} />}
    </li>
  );
}

function Inner({ activity, path, ...rest }: BranchProps) {
  const { shown, folds } = folded(activity.children);
  const share = activity.children.length > 1 ? shares(activity.children, rest.now) : undefined;
  return (
    <ul>
      {activity.earlier.map((one) => (
        <Branch key={one.Id} activity={one} path={path} {...rest} />
      ))}
      {shown.map((child) => (
        <Branch
          key={child.Id}
          activity={child}
          path={path}
          {...rest}
          share={child.children.length > 0 ? share?.get(child.Id) : undefined}
        />
      ))}
      {folds.map((fold) => (
        <Folded key={fold.status} activities={fold.activities} status={fold.status} path={path} {...rest} />
      ))}
    </ul>
  );
}

function Folded({
  activities,
  status,
  path,
  ...rest
}: Omit<BranchProps, "activity"> & { activities: Activity[]; status: string }) {
  const [open, setOpen] = useState(false);
  const state = stateOf(status);
  const needed = open || activities.some((one) => path.has(one.Id));
  return (
    <>
      <li>
        <button type="button" className={classes.fold} aria-expanded={needed} onClick={() => setOpen(!open)}>
          {t("{{count}} more: {{state}}", { count: activities.length, state: t(STATES[state].word) })}
        </button>
      </li>
      {needed && activities.map((child) => <Branch key={child.Id} activity={child} path={path} {...rest} />)}
    </>
  );
}

function Span({ of, now }: { of: Activity; now: number }) {
  const span = of.Status === "Skipped" || of.Status === "Pending" ? undefined : spanOf(of, now);
  return span === undefined ? null : <span className={classes.span}>{duration(span)}</span>;
}
