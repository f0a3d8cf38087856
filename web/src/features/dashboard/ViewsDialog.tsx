import { put } from "../../api/client";
import { stale } from "../../api/queries";
import type { Schema } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { KeptNames } from "../../parts/KeptNames";
import { useSaving } from "../../parts/saving";
import { t } from "../../text";

type Views = Schema["DashboardViews"];

interface Props {
  spaceId: string;
  kept: Views | undefined;
  /** What is shown now, as a view keeps it. */
  now: string;
  onClose: () => void;
}

/** Keeps what is shown under a name, and removes views. */
export default function ViewsDialog({ spaceId, kept, now, onClose }: Props) {
  const saving = useSaving();
  const views = kept?.Views ?? [];
  const save = (changed: Views["Views"], done: string) =>
    saving.run(async () => {
      await put("/api/{spaceId}/gurita/dashboard-views", {
        path: { spaceId },
        body: { Version: kept?.Version ?? 0, Views: changed },
      });
      stale("other");
    }, done);
  return (
    <Dialog opened onClose={onClose} title={t("Views")}>
      <KeptNames
        names={views.map((view) => view.Name)}
        saving={saving}
        description={t("A name you have already is replaced.")}
        removing={(name) => t("Remove the view {{name}}", { name })}
        onKeep={async (name) => {
          const others = views.filter((view) => view.Name.toLowerCase() !== name.toLowerCase());
          if (await save([...others, { Name: name, Search: now }], t("The view is kept."))) onClose();
        }}
        onRemove={(name) =>
          void save(
            views.filter((view) => view.Name !== name),
            t("The view is removed."),
          )
        }
      />
    </Dialog>
  );
}
