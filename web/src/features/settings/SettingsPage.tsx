import { useParams } from "@tanstack/react-router";
import { LinkTabs } from "../../parts/LinkTabs";
import { Page } from "../../parts/Page";
import { type Message, t } from "../../text";
import { Mail } from "./Mail";
import { Providers } from "./Providers";
import { type Place, SectionForm } from "./SectionForm";

const SECTIONS: readonly (readonly [string, Message, Place | undefined])[] = [
  ["server", "Server", "/api/serverconfiguration"],
  ["authentication", "Signing in", "/api/gurita/authentication-settings"],
  ["providers", "Identity providers", undefined],
  ["mail", "E-mail", undefined],
  ["features", "Features", "/api/featuresconfiguration"],
  ["performance", "Performance", "/api/performanceconfiguration"],
  ["upgrade", "Updates", "/api/upgradeconfiguration"],
];

/** The settings of the whole server, a section at an address. */
export function SettingsPage() {
  const { section = "server" } = useParams({ strict: false }) as { section?: string };
  const [, title, place] = SECTIONS.find(([name]) => name === section) ?? [];
  return (
    <Page
      title={t("Settings")}
      about={t("They hold for the whole server, on all nodes, from the moment they are saved.")}
    >
      <LinkTabs
        label={t("Sections of the settings")}
        tabs={SECTIONS.map(([name, text]) => ({
          text: t(text),
          to: `/configuration/settings/${name}`,
          current: name === section,
        }))}
      />
      {place && <SectionForm key={section} id={section} title={t(title ?? "")} place={place} />}
      {section === "providers" && <Providers />}
      {section === "mail" && <Mail />}
    </Page>
  );
}
