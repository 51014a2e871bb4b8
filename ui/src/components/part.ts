/** Which part of a page is shown: told by its tabs, it stands in the window's title. */

import { createContext } from "react";

export const TellPart = createContext<(name: string) => void>(() => {});
