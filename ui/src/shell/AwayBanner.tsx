import { Loader } from "@mantine/core";
import { useServerIsAway } from "@/live/server";
import classes from "./Shell.module.css";

/** Says that what is shown may be old, while the server does not answer. */
export function AwayBanner() {
  const isAway = useServerIsAway();
  return (
    <div role="status" style={{ display: "contents" }}>
      {isAway && (
        <div className={classes.away}>
          <Loader size={14} color="currentColor" />
          Skywrite’s server does not answer. What you see may be old; trying again…
        </div>
      )}
    </div>
  );
}
