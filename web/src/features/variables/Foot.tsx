import { t } from "../../text";
import { type Active, useActive } from "./active";
import type { Warnings } from "./checking";
import classes from "./Grid.module.css";
import type { Row } from "./model";
import { COLUMNS } from "./pasting";
import { cellKey, type Refusals } from "./refusals";

interface Props {
  active: Active;
  rows: ReadonlyMap<string, Row>;
  warnings: Warnings;
  refusals: Refusals;
}

/** What is to be said of the row one is in; the keys where there is nothing. */
export function Foot({ active, rows, warnings: all, refusals }: Props) {
  const id = useActive(active);
  const row = id === undefined ? undefined : rows.get(id);
  const warnings = row && all.get(row.id);
  const refused = row ? COLUMNS.flatMap((column) => refusals.cells.get(cellKey(row.id, column)) ?? []) : [];
  if (refused.length > 0)
    return (
      <div className={classes.foot} data-tone="refused" role="alert">
        {refused.join(" ")}
      </div>
    );
  if (warnings && warnings.length > 0)
    return (
      <div className={classes.foot} data-tone="warning">
        {warnings.map((each) => each.text).join(" ")}
      </div>
    );
  return <Keys />;
}

function Keys() {
  const keys: readonly (readonly [string, string])[] = [
    ["Enter", t("edit")],
    ["Ctrl+E", t("large editor")],
    ["Alt+Enter", t("details")],
    ["Alt+N", t("new")],
    ["Delete", t("delete row")],
    ["Ctrl+Z", t("undo")],
    ["Ctrl+Enter", t("save")],
    ["Esc", t("leave")],
  ];
  return (
    <div className={classes.foot}>
      {keys.map(([key, text]) => (
        <span key={key}>
          <kbd>{key}</kbd> {text}
        </span>
      ))}
    </div>
  );
}
