import { Button, Group } from "@mantine/core";
import { IconCloudOff, IconMap2, IconMoodSad } from "@tabler/icons-react";
import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { Away } from "@/api/client";
import { Bars } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { Page } from "@/components/Page";
import { onServerReturn } from "@/live/server";
import { Outdated } from "./page";

export function NotFound() {
  return (
    <Page title="Not found">
      <Empty
        icon={IconMap2}
        title="There is nothing at this address"
        action={
          <Button component={Link} to="/">
            Go to the pipeline
          </Button>
        }
      >
        It may have been removed, or the address may have a mistake in it.
      </Empty>
    </Page>
  );
}

/** What a page shows when it could not be drawn. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const said = error instanceof Error ? error.message : String(error);
  const isAway = error instanceof Away;
  useEffect(() => {
    if (error instanceof Outdated) window.location.reload();
    return error instanceof Away ? onServerReturn(() => window.location.reload()) : undefined;
  }, [error]);
  return (
    <Page title={isAway ? "Server away" : "Something went wrong"}>
      <Empty
        icon={isAway ? IconCloudOff : IconMoodSad}
        title={said}
        action={
          <Group gap="xs">
            <Button onClick={reset}>Try again</Button>
            <Button variant="default" component={Link} to="/">
              Go to the pipeline
            </Button>
          </Group>
        }
      >
        {isAway
          ? "This page comes back by itself as soon as the server answers."
          : "This page could not be drawn. The pipeline itself is not touched by it: events go on being received."}
      </Empty>
    </Page>
  );
}

export function PageLoading() {
  return (
    <Page title="Loading…">
      <Bars rows={5} />
    </Page>
  );
}
