import { Button, type ButtonProps } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { WhyButton } from "../../parts/WhyButton";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";

interface Props extends ButtonProps {
  releaseId: string;
  /** Chosen already on the page it leads to. */
  environmentId?: string;
  /** Why it cannot go there now. */
  why?: string | undefined;
  children: ReactNode;
  /** What screen readers hear, where the words alone do not say what and where. */
  label?: string;
}

/** Leads to the page on which a release is deployed; says why where it may not. */
export function DeployButton({ releaseId, environmentId, why, children, label, ...looks }: Props) {
  const spaceId = useSpaceId();
  const may = useMay("DeploymentCreate", spaceId);
  const reason = may === false ? t("You need the permission DeploymentCreate.") : why;
  if (reason)
    return (
      <WhyButton why={reason} {...looks}>
        {children}
      </WhyButton>
    );
  return (
    <Button
      {...looks}
      renderRoot={(props) => (
        <Link
          to="/$space/releases/$release/deploy"
          params={{ space: spaceId, release: releaseId }}
          search={environmentId ? { environment: environmentId } : {}}
          aria-label={label}
          {...props}
        />
      )}
    >
      {children}
    </Button>
  );
}
