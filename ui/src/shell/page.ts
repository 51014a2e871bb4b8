/** Pages that load when they are first gone to, and what it means when one can't. */

import { lazyRouteComponent } from "@tanstack/react-router";
import { Away } from "@/api/client";
import { checkServer } from "@/live/server";

/** The server answers but no longer has this page's file: it was upgraded under an open page. */
export class Outdated extends Error {
  constructor() {
    super("Skywrite was upgraded. This page loads again.");
    this.name = "Outdated";
  }
}

/** The component `name` of a module that is loaded on demand. */
export function page<Module extends Record<string, () => React.ReactNode>>(
  load: () => Promise<Module>,
  name: keyof Module & string,
) {
  return lazyRouteComponent(
    () =>
      load().catch(async () => {
        throw (await checkServer()) ? new Outdated() : new Away();
      }),
    name,
  );
}
