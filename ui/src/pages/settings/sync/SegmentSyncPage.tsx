import { useSegmentSync } from "@/api/segmentSync";
import { Ask } from "@/components/Ask";
import { ConnectPanel } from "./ConnectPanel";
import { KeyPanel } from "./KeyPanel";
import { WayBackPanel } from "./WayBackPanel";

/** How events become contacts, and how what happens to mail comes back. */
export function SegmentSyncPage() {
  const sync = useSegmentSync();
  return (
    <Ask query={sync}>
      {({ address, keys }) => (
        <>
          <KeyPanel keys={keys} />
          <ConnectPanel address={address} apiKey={keys[0]?.key ?? ""} />
          <WayBackPanel />
        </>
      )}
    </Ask>
  );
}
