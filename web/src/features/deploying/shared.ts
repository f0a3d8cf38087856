/** What other features use of deploying: a button, addresses, and how far a release is. */

export { deployAddress, releaseAddress, taskAddress } from "./addresses";
export { DeployButton } from "./DeployButton";
export { ChangedValues, SnapshotNotice } from "./later";
export { type PhaseOfRelease, type PlaceOfRelease, phasesOf } from "./progress";
export {
  defectsReading,
  deployableReading,
  environmentsReading,
  progressionReading,
  releaseReading,
} from "./reading";
