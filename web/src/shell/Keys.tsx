import { useNavigate } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState } from "react";
import { later } from "../parts/later";
import { meaningOf } from "./keys";
import { addressOf } from "./Navigation";
import { SECTIONS } from "./navigation";
import { type Overlay, onOverlay } from "./overlays";
import { useSpace } from "./space";

const Palette = later(() => import("./Palette"));
const Help = later(() => import("./Help"));
const PATIENCE = 1200;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, select, [contenteditable=true]") !== null
  );
}

function focusFilter(event: KeyboardEvent): void {
  const filter = document.querySelector<HTMLInputElement>("[data-filter]");
  if (!filter) return;
  event.preventDefault();
  filter.focus();
  filter.select();
}

/** The shortcuts of every page, and what they open. */
export function Keys() {
  const [open, setOpen] = useState<Overlay>();
  const before = useRef({ key: "", at: 0 });
  const navigate = useNavigate();
  const spaceId = useSpace()?.Id ?? "";
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const after = Date.now() - before.current.at < PATIENCE ? before.current.key : "";
      before.current = { key: event.key, at: Date.now() };
      const dialog = document.querySelector("[role=dialog]") !== null;
      const meaning = meaningOf(
        {
          key: event.key,
          command: event.ctrlKey || event.metaKey,
          other: event.altKey,
          typing: isTyping(event.target) || dialog,
        },
        after,
      );
      if (meaning.kind === "filter") focusFilter(event);
      if (meaning.kind === "palette" || meaning.kind === "help") {
        event.preventDefault();
        setOpen(meaning.kind);
      }
      if (meaning.kind !== "go") return;
      before.current.key = "";
      for (const section of SECTIONS)
        for (const place of section.places)
          if (place.key === meaning.key) void navigate({ to: addressOf(place, section, spaceId) });
    };
    const unheard = onOverlay(setOpen);
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
      unheard();
    };
  }, [navigate, spaceId]);
  const close = () => setOpen(undefined);
  return (
    <Suspense fallback={null}>
      {open === "palette" && <Palette onClose={close} />}
      {open === "help" && <Help onClose={close} />}
    </Suspense>
  );
}
