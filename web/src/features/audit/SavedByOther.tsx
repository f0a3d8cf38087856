import { Alert, Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import { useMay } from "../../shell/session";
import { t } from "../../text";

interface Props {
  spaceId: string;
  /** The document, and its version on the server. */
  id: string;
  version: number;
  /** What becomes of the changes of whoever looks at this. */
  children: string;
  action: string;
  onAct: () => void;
}

/** Says who has saved a document while somebody changes it, as far as they may see that, and leads to putting both together. */
export function SavedByOther({ spaceId, id, version, children, action, onAct }: Props) {
  const may = useMay("EventView", spaceId) === true;
  const found = useQuery({
    queryKey: [[], "who saved", spaceId, id, version],
    queryFn: ({ signal }) =>
      get("/api/{spaceId}/events", { path: { spaceId }, query: { regarding: id, take: 1 }, signal }),
    enabled: may,
    retry: false,
  }).data?.Items[0];
  return (
    <Alert color="yellow" variant="light" role="status">
      <Group justify="space-between">
        <Text c="var(--mantine-color-text)">
          {found
            ? t("{{name}} has saved this while you change it.", { name: found.Username })
            : t("Somebody has saved this while you change it.")}{" "}
          {children}
        </Text>
        <Button variant="default" size="xs" onClick={onAct}>
          {action}
        </Button>
      </Group>
    </Alert>
  );
}
