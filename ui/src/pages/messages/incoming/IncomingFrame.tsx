import { Page } from "@/components/Page";
import { IncomingPage } from "./IncomingPage";

/** Incoming mail as a page of its own. */
export function IncomingFrame() {
  return (
    <Page title="Messages" wide>
      <IncomingPage />
    </Page>
  );
}
