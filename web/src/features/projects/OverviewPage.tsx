import { useProject } from "./shared";

/** Where the releases of a project are, and where they may go. */
export function OverviewPage() {
  const project = useProject();
  return <p>{project.Description}</p>;
}
