import { Fragment, type ReactNode } from "react";
import classes from "./FactList.module.css";

/** A fact: its name, and its value or nothing. */
export type Fact = readonly [name: string, value: ReactNode];

/** What is known of a thing, by name; facts without a value are left out. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value || value === 0)
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
