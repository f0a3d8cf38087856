import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { Refusal, sentencesOf } from "../../api/errors";
import { t } from "../../text";
import { type Warnings, warningsOf } from "./checking";
import { keep, kept } from "./drafts";
import { type Action, type Edits, edited, opened, resulting, reviewOf } from "./edits";
import { type Loaded, namesReading, readAgain, save, warningsReading } from "./loading";
import { type Choice, type Conflict, draftOf, hasSecrets, merged, resolved } from "./merging";
import { NONE, placed, type Refusals } from "./refusals";

/** What stands in the way of saving: somebody else saved, and both changed the same. */
export interface Clash {
  edits: Edits;
  conflicts: readonly Conflict[];
  loaded: Loaded;
}

export interface Editor {
  loaded: Loaded;
  edits: Edits;
  dispatch: (action: Action) => void;
  warnings: Warnings;
  refusals: Refusals;
  clash: Clash | undefined;
  /** The version somebody else has saved while this one is changed. */
  behind: number | undefined;
  /** Puts the changes on top of what is saved now, and asks where both changed the same. */
  catchUp: () => Promise<void>;
  /** What happened that the page says above the grid. */
  notice: string;
  say: (notice: string) => void;
  busy: boolean;
  /** Saves all; answers the ids of the rows as they were sent and as they are now, or nothing if it was refused. */
  submit: () => Promise<ReadonlyMap<string, string> | undefined>;
  settle: (choices: ReadonlyMap<string, Choice>) => void;
  discard: () => void;
}

const PAUSE = 400;

/** What is looked through before the rows stand there: nothing, so that they are drawn first. */
const NOTHING = opened(0, []);

function begun(spaceId: string, loaded: Loaded): { edits: Edits; clash?: Clash; notice: string } {
  const held = kept(spaceId, loaded.id);
  if (!held) return { edits: opened(loaded.version, loaded.rows), notice: "" };
  const { edits, conflicts } = merged(loaded.version, loaded.rows, held.draft);
  const notice = held.bare
    ? t("Your changes that were not saved are back. Sensitive values you had typed are not: type them again.")
    : t("Your changes that were not saved are still here.");
  return conflicts.length > 0 ? { edits, clash: { edits, conflicts, loaded }, notice } : { edits, notice };
}

/** Edits a set: what is done to it, kept until it is saved, and what becomes of saving. */
export function useEditor(spaceId: string, given: Loaded, project: string | undefined): Editor {
  const start = useRef<ReturnType<typeof begun> | undefined>(undefined);
  start.current ??= begun(spaceId, given);
  const [loaded, setLoaded] = useState(given);
  const [edits, dispatch] = useReducer(edited, start.current.edits);
  const [refusals, setRefusals] = useState<Refusals>(NONE);
  const [clash, setClash] = useState<Clash | undefined>(start.current.clash);
  const [notice, say] = useState(start.current.notice);
  const [busy, setBusy] = useState(false);
  const warnings = useWarnings(spaceId, loaded, edits, project);
  useKept(spaceId, loaded.id, edits);

  useEffect(() => {
    if (given.version === loaded.version || given.version < edits.version || busy || draftOf(edits)) return;
    setLoaded(given);
    dispatch({ do: "replace", edits: opened(given.version, given.rows) });
  }, [given, loaded, edits, busy]);

  const take = (now: Loaded, next: Edits) => {
    setLoaded(now);
    dispatch({ do: "replace", edits: next });
  };
  const rebase = async () => {
    const draft = draftOf(edits);
    const now = await readAgain(spaceId, loaded.id);
    if (!draft) return;
    const found = merged(now.version, now.rows, draft);
    if (found.conflicts.length > 0) {
      setClash({ ...found, loaded: now });
      return;
    }
    take(now, found.edits);
    say(
      t(
        "Somebody else has saved this set meanwhile. Your changes were put on top of theirs; look at them and save again.",
      ),
    );
  };
  const submit = async () => {
    const rows = resulting(edits);
    setBusy(true);
    setRefusals(NONE);
    say("");
    try {
      const now = await save(spaceId, loaded, edits.version, rows);
      keep(spaceId, loaded.id, undefined);
      take(now, opened(now.version, now.rows));
      return new Map(rows.map((row, at) => [row.id, now.rows[at]?.id ?? row.id]));
    } catch (error) {
      if (error instanceof Refusal && error.status === 409) await rebase();
      else
        setRefusals(
          placed(
            sentencesOf(error),
            rows.map((row) => row.id),
          ),
        );
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return {
    loaded,
    edits,
    dispatch,
    warnings,
    refusals,
    clash,
    behind: given.version > edits.version && !busy && !clash && draftOf(edits) ? given.version : undefined,
    catchUp: rebase,
    notice,
    say,
    busy,
    submit,
    settle: (choices) => {
      if (clash) take(clash.loaded, resolved(clash.edits, clash.conflicts, choices));
      setClash(undefined);
    },
    discard: () => {
      keep(spaceId, loaded.id, undefined);
      setRefusals(NONE);
      say("");
      dispatch({ do: "replace", edits: opened(loaded.version, loaded.rows) });
    },
  };
}

function useWarnings(spaceId: string, loaded: Loaded, edits: Edits, project: string | undefined): Warnings {
  const told = useQuery(warningsReading(spaceId, loaded.id)).data;
  const names = useQuery({ ...namesReading(spaceId, project ?? ""), enabled: Boolean(project) }).data;
  const known = useMemo(
    () => (names ? new Set((names as string[]).map((name) => name.toLowerCase())) : undefined),
    [names],
  );
  const later = useDeferredValue(edits, NOTHING);
  return useMemo(
    () =>
      warningsOf(resulting(later), known, told ?? [], (id) => later.rows.get(id) === later.base.get(id), t),
    [later, known, told],
  );
}

/** Keeps what is not saved a moment after each change and when the page goes, and asks before a typed secret is lost. */
function useKept(spaceId: string, id: string, edits: Edits): void {
  const newest = useRef(edits);
  newest.current = edits;
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const timer = setTimeout(() => keep(spaceId, id, draftOf(edits)), PAUSE);
    return () => clearTimeout(timer);
  }, [spaceId, id, edits]);
  useEffect(() => {
    const going = () => keep(spaceId, id, draftOf(newest.current));
    const asking = (event: BeforeUnloadEvent) => {
      if (hasSecrets(draftOf(newest.current))) event.preventDefault();
    };
    window.addEventListener("pagehide", going);
    window.addEventListener("beforeunload", asking);
    return () => {
      going();
      window.removeEventListener("pagehide", going);
      window.removeEventListener("beforeunload", asking);
    };
  }, [spaceId, id]);
}

/** How many rows saving would add, change and remove. */
export function useCount(edits: Edits): number {
  return useMemo(() => reviewOf(edits).count, [edits]);
}
