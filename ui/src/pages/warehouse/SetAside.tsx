import { compact } from "@/components/format";
import { Stat } from "@/components/Stat";

/** How many events could not be loaded; nothing is asked for them but a look. */
export function SetAside({ count }: { count: number }) {
  return <Stat name="Events set aside" value={compact(count)} note="in _skywrite.set_aside, with why" tone="bad" />;
}
