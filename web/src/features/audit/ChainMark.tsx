import { Text, Tooltip } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { reading, useQuery } from "../../api/queries";
import { When } from "../../parts/When";
import { useMay } from "../../shell/session";
import { number, t } from "../../text";

/** How far the trail is sealed. */
export const auditStatus = () => reading("other", "/api/gurita/audit/status");

/** A line that says how far the trail is sealed, for those who may see events of the system. */
export function ChainMark() {
  const may = useMay("EventView", "") === true;
  const status = useQuery({ ...auditStatus(), enabled: may }).data;
  if (!status) return <>{t("Who did what, when, and from where.")}</>;
  const all = status.SealedEvents ?? 0;
  return (
    <Text component="span" inherit data-chain>
      <IconShieldCheck size="1rem" aria-hidden style={{ verticalAlign: "-0.15em" }} />{" "}
      <Tooltip label={t("Key {{key}}", { key: status.KeyFingerprint })} multiline maw="30rem">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the key must be reachable by keyboard */}
        <span tabIndex={0}>{t("Sealed to event {{n}}", { n: number(all) })}</span>
      </Tooltip>
      {" · "}
      <When at={status.LastSealed ?? null} />
      {status.UnsealedEvents ? ` · ${t("{{n}} being sealed", { n: number(status.UnsealedEvents) })}` : ""}
    </Text>
  );
}
