import type { Schema } from "../../api/types";
import type { Message } from "../../text";

export type Endpoint = Schema["Machine"]["Endpoint"];
export type Style = Endpoint["CommunicationStyle"];

const WORDS: Record<Style, Message> = {
  TentacleActive: "Agent, dials in",
  TentaclePassive: "Agent, listens",
  Ssh: "SSH",
  None: "Region without a machine",
  OfflineDrop: "Offline drop",
  AzureWebApp: "Azure Web App",
  AzureCloudService: "Azure Cloud Service",
  AzureServiceFabricCluster: "Service Fabric",
  Kubernetes: "Kubernetes API",
  KubernetesTentacle: "Kubernetes agent",
  StepPackage: "Step package",
  AwsEcsCluster: "AWS ECS",
  Ftp: "FTP",
};

/** The kinds of machines this server can reach, as filters offer them. */
export const REACHABLE: readonly Style[] = ["TentacleActive", "TentaclePassive", "Ssh", "None"];

/** How a machine is reached, in words. */
export const kindOf = (style: Style): Message => WORDS[style] ?? style;

/** Where a machine is: what the server dials, or the subscription under which its agent dials in. */
export function addressOf(endpoint: Endpoint): string {
  if (endpoint.CommunicationStyle === "Ssh") return `${endpoint.Host ?? ""}:${endpoint.Port}`;
  return "Uri" in endpoint ? (endpoint.Uri ?? "") : "";
}
