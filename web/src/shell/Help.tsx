import { Kbd, Stack, Table, Title } from "@mantine/core";
import { Dialog } from "../parts/Dialog";
import { StateMark } from "../parts/StateMark";
import { STATES, type State } from "../parts/states";
import { type Message, t } from "../text";
import { SECTIONS } from "./navigation";

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const ALWAYS: readonly (readonly [string, Message])[] = [
  [mac ? "⌘ K" : "Ctrl K", "Find anything, go anywhere"],
  ["/", "Go to the filter of this page"],
  ["?", "These shortcuts"],
  ["↑ ↓ Home End", "Go through a list"],
  ["Enter", "Open what is chosen"],
  ["Esc", "Close, or leave without a change"],
];

/** The shortcuts, and what the eight states mean. */
export default function Help({ onClose }: { onClose: () => void }) {
  const places = SECTIONS.flatMap((section) => section.places).filter((place) => place.key);
  const rows = [
    ...ALWAYS.map(([keys, text]) => [keys, t(text)] as const),
    ...places.map(({ key, text }) => [`g ${key}`, t("Go to: {{place}}", { place: t(text) })] as const),
  ];
  return (
    <Dialog opened onClose={onClose} title={t("Help")} size="lg">
      <Stack>
        <Title order={2} size="h5">
          {t("Shortcuts")}
        </Title>
        <Table aria-label={t("Shortcuts")}>
          <Table.Tbody>
            {rows.map(([keys, text]) => (
              <Table.Tr key={keys}>
                <Table.Th scope="row" w="12rem">
                  <Kbd>{keys}</Kbd>
                </Table.Th>
                <Table.Td>{text}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Title order={2} size="h5">
          {t("States")}
        </Title>
        <Table aria-label={t("States")}>
          <Table.Tbody>
            {(Object.keys(STATES) as State[]).map((state) => (
              <Table.Tr key={state}>
                <Table.Th scope="row" w="12rem">
                  <StateMark state={state} />
                </Table.Th>
                <Table.Td>{t(STATES[state].meaning)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Dialog>
  );
}
