import { useEffect, useState } from "react";
import { useFreshness } from "../api/live";
import { base, build } from "../api/place";

/** Whether the server has another build of these pages by now; asked again whenever the line comes back. */
export function useNewerBuild(): boolean {
  const [newer, setNewer] = useState(false);
  const { freshness } = useFreshness();
  useEffect(() => {
    if (freshness !== "live" || newer) return;
    let wanted = true;
    fetch(`${base}/app/build`)
      .then((answer) => answer.json() as Promise<{ Build: string }>)
      .then(({ Build }) => wanted && Build !== build && setNewer(true))
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [freshness, newer]);
  return newer;
}
