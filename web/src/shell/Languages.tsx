import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { languages, t } from "../text";
import { choose, type Language, NAMES } from "../text/choosing";

/** The languages of the portal, each in its own, as entries of a menu. */
export default function Languages() {
  return (
    <>
      <Menu.Divider />
      <Menu.Label>{t("Language")}</Menu.Label>
      {(Object.keys(NAMES) as Language[]).map((each) => (
        <Menu.Item
          key={each}
          lang={each}
          aria-current={each === languages.language}
          onClick={() => choose(each)}
          rightSection={each === languages.language && <IconCheck size="1rem" aria-hidden />}
        >
          {NAMES[each]}
        </Menu.Item>
      ))}
    </>
  );
}
