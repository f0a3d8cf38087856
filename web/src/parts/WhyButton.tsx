import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

interface Props extends ButtonProps {
  /** Why it cannot be pressed now, and what would change that; nothing if it can. */
  why?: string | undefined;
  onClick?: () => void;
  type?: "button" | "submit";
  children: ReactNode;
}

/** A button that says why it is disabled. It stays reachable by keyboard, so that the reason can be heard. */
export function WhyButton({ why, onClick, children, ...rest }: Props) {
  if (!why)
    return (
      <Button {...rest} {...(onClick ? { onClick } : {})}>
        {children}
      </Button>
    );
  return (
    <Tooltip label={why} multiline maw="22rem" events={{ hover: true, focus: true, touch: true }}>
      <Button
        {...rest}
        type="button"
        data-disabled
        aria-disabled
        aria-description={why}
        onClick={(event) => event.preventDefault()}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
