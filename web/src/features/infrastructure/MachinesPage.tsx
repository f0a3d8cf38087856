import { Button } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";
import { useMay } from "../../shell/session";
import { useSpaceId } from "../../shell/space";
import { t } from "../../text";
import type { MachineSearch } from "./filters";
import { MachineList } from "./MachineList";
import { infrastructure } from "./reads";
import { SavedFilters } from "./SavedFilters";

const route = getRouteApi("/frame/$space/infrastructure/machines");

/** The deployment targets of a space. */
export function MachinesPage() {
  const spaceId = useSpaceId();
  const search = route.useSearch();
  const navigate = useNavigate();
  const here = infrastructure(spaceId, "machines");
  const go = (next: MachineSearch) => void navigate({ to: here, search: next as never });
  const may = useMay("MachineCreate", spaceId) !== false;
  const add = may && (
    <Button component={Link} to={infrastructure(spaceId, "machines/add")}>
      {t("Add target")}
    </Button>
  );
  return (
    <Page
      wide
      title={t("Deployment targets")}
      about={t("The machines releases are deployed to: by an agent, or over their own SSH server.")}
      actions={
        <>
          <SavedFilters spaceId={spaceId} search={search} go={go} />
          {add}
        </>
      }
    >
      <MachineList
        spaceId={spaceId}
        becomes="machines"
        search={search}
        here={here}
        empty={
          <Empty
            title={t("No targets yet")}
            why={t(
              "A target is a machine steps run on. It belongs to environments, and its tags say what it is for.",
            )}
          >
            {add}
          </Empty>
        }
      />
    </Page>
  );
}
