import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import Markup, { type Components } from "react-markdown";
import classes from "./Markdown.module.css";

const heading = ({ children }: { children?: ReactNode }) => <h3 className={classes.heading}>{children}</h3>;

/** Headings of a note stand below the page's own; images would be fetched from elsewhere and become their words. */
const COMPONENTS: Components = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  a: ({ href, children }) => (
    <Anchor href={href} rel="noreferrer noopener" target="_blank" underline="always" inherit>
      {children}
    </Anchor>
  ),
  img: ({ alt }) => <em>{alt}</em>,
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too
    <pre tabIndex={0}>{children}</pre>
  ),
};

/** A text people wrote in Markdown. HTML in it is shown as it was typed. Import it from lazy pages only. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      <Markup components={COMPONENTS}>{text}</Markup>
    </div>
  );
}
