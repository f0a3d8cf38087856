import { useBlocker } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState } from "react";
import { post, put } from "../../api/client";
import { Refusal } from "../../api/errors";
import { queries } from "../../api/queries";
import { fromText, type Read } from "./code";
import { type Process, type Step, same } from "./model";
import { type Problem, problemsOf } from "./problems";
import { processOf } from "./reads";

/** Somebody else saved first. */
export interface Clash {
  theirs: Process;
  by?: string | undefined;
  on?: string | undefined;
}

interface Place {
  spaceId: string;
  projectId: string;
}

const PAUSE = 600;

/** A process while it is edited: what was read, what it has become, what the server says of it. */
export function useDraft(found: Process, { spaceId, projectId }: Place) {
  const [base, setBase] = useState(found);
  const [steps, setSteps] = useState<readonly Step[]>(found.Steps);
  const [code, setCode] = useState<{ text: string; fault?: Exclude<Read, { steps: Step[] }> }>();
  const [clash, setClash] = useState<Clash>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const dirty = useMemo(() => code?.fault !== undefined || !same(base.Steps, steps), [base, steps, code]);
  const newer = found.Version > base.Version;

  const adopt = useCallback((fresh: Process, now: readonly Step[] = fresh.Steps) => {
    setBase(fresh);
    setSteps(now);
    setCode(undefined);
    setProblems([]);
    setError(undefined);
  }, []);

  useEffect(() => {
    if (newer && !dirty) adopt(found);
  }, [newer, dirty, found, adopt]);

  useEffect(() => {
    if (!dirty) {
      setProblems([]);
      return;
    }
    let late = false;
    const timer = setTimeout(async () => {
      try {
        const told = await post("/api/{spaceId}/projects/{id}/deploymentprocesses/validate", {
          path: { spaceId, id: projectId },
          body: { ...base, Steps: [...steps] },
        });
        if (!late) setProblems(problemsOf(told.Errors?.Errors ?? []));
      } catch (refused) {
        if (!late && refused instanceof Refusal && refused.status === 400)
          setProblems(problemsOf(refused.sentences));
      }
    }, PAUSE);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [dirty, base, steps, spaceId, projectId]);

  const change = useCallback((to: (steps: readonly Step[]) => readonly Step[]) => {
    setSteps(to);
    setCode(undefined);
  }, []);

  const write = useCallback((text: string) => {
    const read = fromText(text);
    if ("steps" in read) {
      setSteps(read.steps);
      setCode({ text });
    } else setCode({ text, fault: read });
  }, []);

  /** Reads what stands on the server now and asks what to keep. */
  const compare = useCallback(
    async (refused?: Refusal) => {
      const { queryKey, queryFn } = processOf(spaceId, projectId);
      const theirs = await queries.fetchQuery({
        queryKey,
        queryFn: queryFn as () => Promise<Process>,
        staleTime: 0,
      });
      const told = (refused?.details ?? {}) as { ChangedBy?: string; ChangedOn?: string };
      setClash({ theirs, by: told.ChangedBy, on: told.ChangedOn });
    },
    [spaceId, projectId],
  );

  const save = useCallback(
    async (onto: Process = base, now: readonly Step[] = steps): Promise<boolean> => {
      setBusy(true);
      setError(undefined);
      try {
        const saved = await put("/api/{spaceId}/projects/{id}/deploymentprocesses", {
          path: { spaceId, id: projectId },
          body: { ...onto, Steps: [...now] },
        });
        queries.setQueryData(processOf(spaceId, projectId).queryKey, saved);
        adopt(saved);
        setClash(undefined);
        return true;
      } catch (refused) {
        if (refused instanceof Refusal && refused.status === 409) await compare(refused);
        else if (refused instanceof Refusal && refused.status === 400)
          setProblems(problemsOf(refused.sentences));
        else setError(refused);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [base, steps, spaceId, projectId, adopt, compare],
  );

  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });

  return {
    base,
    steps,
    code,
    dirty,
    newer: newer && dirty && !busy ? found.Version : undefined,
    busy,
    error,
    problems,
    clash,
    leaving,
    change,
    write,
    save,
    compare,
    settle: (fresh: Process, now: readonly Step[]) => {
      setClash(undefined);
      adopt(fresh, now);
    },
    dismiss: () => setClash(undefined),
    discard: () => adopt(found),
  };
}

export type Draft = ReturnType<typeof useDraft>;
