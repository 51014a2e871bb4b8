/** How many contacts there are, and how well that is known, in words. Pure. */

import type { ContactCount } from "@/api/types";
import { plural } from "@/components/format";

export function saidCount({ number, exactness }: ContactCount): string {
  const words = plural(number, "contact");
  return exactness === "exact" ? words : exactness === "about" ? `About ${words}` : `At least ${words}`;
}
