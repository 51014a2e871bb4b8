/** Renders a component as the app does, in the theme, with a query client and a router of its own. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterContextProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactElement } from "react";
import { makeRouter } from "@/router";
import { theme } from "@/theme/theme";

export function show(element: ReactElement) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queries}>
        <RouterContextProvider router={makeRouter(queries)}>{element}</RouterContextProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}
