import { useParams } from "@tanstack/react-router";
import { useSpaceId } from "../../shell/space";

/** Where the page is: the space whose events are told of ("" for the server's own), and its address. */
export function usePlace(): { spaceId: string; to: string } {
  const { space } = useParams({ strict: false });
  const id = useSpaceId();
  return space
    ? { spaceId: id, to: `/${id}/subscriptions` }
    : { spaceId: "", to: "/configuration/subscriptions" };
}
