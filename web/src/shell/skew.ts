import { useEffect, useState } from "react";
import { base } from "../api/place";

/** How far the server's clock is ahead of this machine's, in milliseconds, to the second; 0 until it is known. */
export function useSkew(): number {
  const [skew, setSkew] = useState(0);
  useEffect(() => {
    const before = Date.now();
    fetch(`${base}/app/build`, { cache: "no-store" })
      .then((answer) => {
        const told = Date.parse(answer.headers.get("date") ?? "");
        const here = (before + Date.now()) / 2;
        if (!Number.isNaN(told)) setSkew(Math.round((told - here) / 1000) * 1000);
      })
      .catch(() => undefined);
  }, []);
  return skew;
}
