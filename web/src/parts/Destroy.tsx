import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { t } from "../text";
import { Dialog } from "./Dialog";
import { Refused } from "./Refused";
import { WhyButton } from "./WhyButton";

interface Props {
  /** The button's own words, naming object and effect: "Delete the machine web-01". */
  action: string;
  /** What must be typed: the object's name. */
  name: string;
  /** What is lost with it. */
  effect: ReactNode;
  onConfirm: () => Promise<unknown>;
  why?: string | undefined;
}

/** A button for what cannot be undone: a dialog says what is lost and asks for the object's name. */
export function Destroy({ action, name, effect, onConfirm, why }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const begin = () => {
    setTyped("");
    setError(undefined);
    open();
  };
  const go = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      close();
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <WhyButton why={why} variant="default" color="red" maw="100%" onClick={begin}>
        {action}
      </WhyButton>
      <Dialog opened={opened} onClose={close} title={action}>
        <Stack
          component="form"
          onSubmit={(event: { preventDefault: () => void }) => {
            event.preventDefault();
            if (typed === name && !busy) void go();
          }}
        >
          <Text>{effect}</Text>
          <Refused error={error} />
          <TextInput
            label={t("Type {{name}} to confirm", { name })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("Cancel")}
            </Button>
            <Button type="submit" color="red" loading={busy} disabled={typed !== name}>
              {action}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
