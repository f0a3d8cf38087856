import { ActionIcon, Group, Text, Title } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconX } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useNow } from "../../parts/clock";
import { Freshness } from "../../shell/Freshness";
import { languages, t } from "../../text";
import classes from "./Wall.module.css";

const PAGE_MS = 15_000;

interface Props {
  title: string;
  onLeave: () => void;
  children: ReactNode;
}

/**
 * The dashboard for a screen on a wall: large, nothing around it, needs no hand.
 *
 * What does not fit is turned to page by page, unless somebody pauses that. Escape leads back.
 */
export default function Wall({ title, onLeave, children }: Props) {
  const place = useRef<HTMLElement>(null);
  const [turning, setTurning] = useState(true);
  useEffect(() => {
    document.documentElement.dataset.kiosk = "";
    document.title = `${title} · Gurita`;
    const leave = (event: KeyboardEvent) => event.key === "Escape" && onLeave();
    window.addEventListener("keydown", leave);
    return () => {
      delete document.documentElement.dataset.kiosk;
      window.removeEventListener("keydown", leave);
    };
  }, [title, onLeave]);
  useEffect(() => {
    if (!turning) return;
    const timer = setInterval(() => turn(place.current?.querySelector<HTMLElement>("[role=grid]")), PAGE_MS);
    return () => clearInterval(timer);
  }, [turning]);
  return (
    <section ref={place} className={classes.wall} aria-label={title}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={1} size="h3" lineClamp={1}>
          {title}
        </Title>
        <Group gap="xs" wrap="nowrap">
          <Clock />
          <Freshness />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={turning ? t("Stop turning pages") : t("Turn pages")}
            onClick={() => setTurning(!turning)}
          >
            {turning ? (
              <IconPlayerPause size="1.1rem" aria-hidden />
            ) : (
              <IconPlayerPlay size="1.1rem" aria-hidden />
            )}
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label={t("Leave the wall view")} onClick={onLeave}>
            <IconX size="1.1rem" aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      {children}
    </section>
  );
}

/**
 * The next page of the grid: down, then to the side, then from the beginning. Somebody at work in it is not disturbed.
 */
function turn(grid: HTMLElement | null | undefined): void {
  if (!grid || grid.contains(document.activeElement)) return;
  const room = grid.clientHeight;
  const last = grid.scrollHeight - room;
  const side = grid.scrollWidth - grid.clientWidth;
  if (grid.scrollTop < last - 2) {
    grid.scrollTop += room * 0.8;
    return;
  }
  grid.scrollTop = 0;
  grid.scrollLeft = grid.scrollLeft >= side - 2 ? 0 : grid.scrollLeft + grid.clientWidth * 0.6;
}

function Clock() {
  const now = useNow(60_000);
  return (
    <Text component="time" fw={600} className={classes.clock}>
      {new Date(now).toLocaleTimeString(languages.locale, { hour: "2-digit", minute: "2-digit" })}
    </Text>
  );
}
