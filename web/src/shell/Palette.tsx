import { Group, Modal, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { reading, useQuery, useSuspenseQuery } from "../api/queries";
import { t } from "../text";
import { type Found, matching, placesOf, taskOf } from "./finding";
import { addressOf } from "./Navigation";
import { SECTIONS } from "./navigation";
import { openOverlay } from "./overlays";
import classes from "./Palette.module.css";
import { spaces } from "./session";
import { useSpace } from "./space";

const MOST = 40;

/** Finds things and places by typing, and goes there with Enter. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const navigate = useNavigate();
  const found = useFound(text);
  const chosen = Math.min(at, Math.max(0, found.length - 1));
  const go = (one: Found | undefined) => {
    if (!one) return;
    onClose();
    if (one.act) one.act();
    else if (one.to) void navigate({ href: one.to, to: one.to });
  };
  const onKey = (event: KeyboardEvent) => {
    const next = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: found.length - 1 }[event.key];
    if (event.key === "Enter") {
      event.preventDefault();
      go(found[chosen]);
    } else if (
      next !== undefined &&
      !(event.key === "Home" || event.key === "End" ? event.shiftKey : false)
    ) {
      event.preventDefault();
      setAt((next + found.length) % Math.max(1, found.length));
    }
  };
  return (
    <Modal.Root opened onClose={onClose} yOffset="12vh" size="lg" transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content aria-label={t("Find anything")} aria-labelledby={undefined}>
        <TextInput
          data-autofocus
          size="md"
          variant="unstyled"
          leftSection={<IconSearch size="1.1rem" aria-hidden />}
          placeholder={t("Find projects, targets, tasks, pages…")}
          aria-label={t("Find anything")}
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={found[chosen] ? `${list}-${chosen}` : undefined}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
        <div className={classes.list} id={list} role="listbox" aria-label={t("What was found")}>
          {found.map((one, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the field above
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field, which names the chosen one
            <div
              key={`${one.about} ${one.id}`}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === chosen}
              className={classes.option}
              ref={index === chosen ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
              onMouseMove={() => setAt(index)}
              onClick={() => go(one)}
            >
              <Group justify="space-between" wrap="nowrap" gap="sm">
                <span className={classes.name}>{one.text}</span>
                <Text fz="xs" c="dimmed" component="span">
                  {t(one.about)}
                </Text>
              </Group>
            </div>
          ))}
          {found.length === 0 && (
            <Text c="dimmed" p="md" role="option" aria-selected={false} aria-disabled>
              {t("Nothing is called like that here.")}
            </Text>
          )}
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}

function useFound(text: string): Found[] {
  const spaceId = useSpace()?.Id ?? "";
  const all = useSuspenseQuery(spaces()).data;
  const [keyword] = useDebouncedValue(text.trim(), 120);
  const { data } = useQuery({
    ...reading(["project", "machine", "environment"], "/api/{spaceId}/search", {
      path: { spaceId },
      query: { keyword },
    }),
    enabled: keyword !== "" && spaceId !== "",
    placeholderData: keepPreviousData,
  });
  const fixed = useMemo(() => {
    const places = SECTIONS.flatMap((section) =>
      section.places.map((place) => ({
        id: `${section.title} ${place.text}`,
        text: t(place.text),
        about: t(section.title),
        to: addressOf(place, section, spaceId),
      })),
    );
    const others = all
      .filter((each) => each.Id !== spaceId)
      .map((each) => ({ id: each.Id, text: each.Name, about: "Space", to: `/${each.Id}` }));
    const help = {
      id: "help",
      text: t("Shortcuts and states"),
      about: "Help",
      act: () => openOverlay("help"),
    };
    return [...places, ...others, help];
  }, [all, spaceId]);
  if (!text.trim()) return fixed;
  const named = taskOf(text, spaceId);
  return [...named, ...matching(fixed, text), ...placesOf(data ?? [], spaceId)].slice(0, MOST);
}
