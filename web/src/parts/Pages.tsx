import { Pagination } from "@mantine/core";
import { number, t } from "../text";

const CONTROLS = {
  first: () => t("First page"),
  previous: () => t("Previous page"),
  next: () => t("Next page"),
  last: () => t("Last page"),
};

interface Props {
  /** How many there are, on all pages, and how many a page has. */
  total: number;
  take: number;
  /** Counted from 1. */
  page: number;
  onPage: (page: number) => void;
}

/** The way to the other pages of a list. Nothing where one page holds all. */
export function Pages({ total, take, page, onPage }: Props) {
  if (total <= take) return null;
  return (
    <Pagination
      total={Math.ceil(total / take)}
      value={page}
      size="sm"
      getControlProps={(control) => ({ "aria-label": CONTROLS[control]() })}
      getItemProps={(at) => ({ "aria-label": t("Page {{page}}", { page: number(at) }) })}
      onChange={onPage}
    />
  );
}
