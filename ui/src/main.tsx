/** Puts the parts together: theme, queries, router. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./theme/global.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "./api/queries";
import { onServerReturn } from "./live/server";
import { makeRouter } from "./router";
import { cssVariables, theme } from "./theme/theme";

const OPEN_PAGES = ["/sign-in", "/welcome"];

const queries = makeQueryClient(() => {
  const { pathname, href } = router.state.location;
  if (!OPEN_PAGES.includes(pathname)) void router.navigate({ to: "/sign-in", search: { next: href } });
});
const router = makeRouter(queries);
onServerReturn(() => void router.invalidate());

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" autoClose={5000} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
