import { Anchor, List, Stack, Text } from "@mantine/core";
import type { Schema } from "../../api/types";
import { t } from "../../text";

/** What build servers said of packages: builds, commits and work items. */
export function Builds({ builds }: { builds: readonly Schema["BuildInformation"][] }) {
  return (
    <Stack gap="md">
      {builds.map((build) => (
        <Stack gap={4} key={`${build.PackageId} ${build.Version}`} data-build={build.PackageId}>
          <Text fw={600}>
            {build.PackageId} {build.Version}
          </Text>
          <Text size="sm">
            {build.BuildEnvironment ?? t("Build")} <Away to={build.BuildUrl} text={build.BuildNumber ?? ""} />
            {build.Branch && ` · ${t("branch {{branch}}", { branch: build.Branch })}`}
            {build.VcsCommitNumber && " · "}
            {build.VcsCommitNumber && (
              <Away to={build.VcsCommitUrl} text={build.VcsCommitNumber.slice(0, 10)} />
            )}
          </Text>
          {build.IncompleteDataWarning && <Text size="sm">{build.IncompleteDataWarning}</Text>}
          <Commits commits={build.Commits} />
          {build.WorkItems.length > 0 && (
            <List size="sm" aria-label={t("Work items")}>
              {build.WorkItems.map((item) => (
                <List.Item key={item.Id}>
                  <Away to={item.LinkUrl} text={item.Id} /> {item.Description}
                </List.Item>
              ))}
            </List>
          )}
        </Stack>
      ))}
    </Stack>
  );
}

/** Commits with their first line. */
export function Commits({ commits }: { commits: readonly Schema["CommitDetails"][] }) {
  if (commits.length === 0) return null;
  return (
    <List size="sm" aria-label={t("Commits")}>
      {commits.map((commit) => (
        <List.Item key={commit.Id}>
          <Away to={commit.LinkUrl} text={commit.Id.slice(0, 10)} /> {commit.Comment?.split("\n", 1)[0]}
        </List.Item>
      ))}
    </List>
  );
}

/** A link to elsewhere, if it is one that is safe to follow; else its text. */
function Away({ to, text }: { to: string | null; text: string }) {
  if (!to || !/^https?:\/\//i.test(to)) return <code>{text}</code>;
  return (
    <Anchor href={to} target="_blank" rel="noreferrer noopener" underline="always" inherit>
      {text}
    </Anchor>
  );
}
