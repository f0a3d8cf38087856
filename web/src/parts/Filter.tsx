import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { t } from "../text";

const PAUSE = 150;

/**
 * The text filter of a list; `/` goes to it from anywhere on the page.
 *
 * It tells what was typed after a short pause, and at once when it is left or Enter is pressed. What is typed stands in
 * it meanwhile, whatever the address says: that follows later, and may have been trimmed.
 */
export function Filter({
  value,
  onChange,
  label,
}: {
  value: string;
  onChange: (text: string) => void;
  label: string;
}) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = useRef<() => void>(() => undefined);
  tell.current = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (text === told.current) return;
    told.current = text;
    onChange(text);
  };
  useEffect(() => {
    if (timer.current || value.trim() === told.current.trim()) return;
    told.current = value;
    setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <TextInput
      type="search"
      data-filter
      aria-label={label}
      placeholder={t("Filter (press /)")}
      leftSection={<IconSearch size="1rem" aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => tell.current(), PAUSE);
      }}
      onBlur={() => tell.current()}
      onKeyDown={(event) => event.key === "Enter" && tell.current()}
    />
  );
}
