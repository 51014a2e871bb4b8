import { Button, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useRejection, useRejections, useSource } from "@/api/sources";
import { Bars } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { Panes } from "../panes/Panes";
import classes from "../panes/Panes.module.css";
import { RefusedDetail } from "./RefusedDetail";
import { RefusedList } from "./RefusedList";

/** The events that were refused: each with its reason, to be mended and sent again. The chosen one has an address. */
export function RefusedPage() {
  const { id } = useParams({ from: "/app/sources/$id/refused" });
  const { chosen } = useSearch({ from: "/app/sources/$id/refused" });
  const navigate = useNavigate();
  const refused = useRejections(id);
  const isChosen = chosen !== undefined;
  const choose = useCallback(
    (next?: number) =>
      void navigate({
        to: "/sources/$id/refused",
        params: { id },
        search: { chosen: next },
        replace: isChosen && next !== undefined,
        resetScroll: false,
      }),
    [navigate, id, isChosen],
  );
  const all = refused.data?.pages.flat();
  if (refused.error && !all) return <Failure error={refused.error} again={() => void refused.refetch()} />;
  if (!all) return <Bars />;
  if (all.length === 0) return <NothingRefused />;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Kept for 35 days, of each source the newest 10,000.
      </Text>
      <Panes
        above={250}
        hint="Choose an event to see what is wrong with it."
        list={
          <>
            <RefusedList rejections={all} chosen={chosen} onChoose={choose} />
            {refused.hasNextPage && (
              <div className={classes.last}>
                <Button
                  variant="default"
                  size="xs"
                  loading={refused.isFetchingNextPage}
                  onClick={() => void refused.fetchNextPage()}
                >
                  Show more
                </Button>
              </div>
            )}
          </>
        }
        detail={isChosen ? <Chosen key={chosen} source={id} chosen={chosen} onClose={() => choose()} /> : null}
      />
    </Stack>
  );
}

function Chosen({ source, chosen, onClose }: { source: string; chosen: number; onClose: () => void }) {
  const kind = useSource(source).data?.kind ?? "http-api";
  const rejection = useRejection(source, chosen);
  if (rejection.error) return <Failure error={rejection.error} again={() => void rejection.refetch()} />;
  if (rejection.data === undefined) return <Bars />;
  if (rejection.data === null) {
    return (
      <Empty
        bare
        icon={IconCircleCheck}
        title="No longer kept"
        action={
          <Button variant="default" size="xs" onClick={onClose}>
            Back to the list
          </Button>
        }
      >
        Refused events are kept for 35 days, of each source the newest 10,000.
      </Empty>
    );
  }
  return <RefusedDetail rejection={rejection.data} source={source} kind={kind} onClose={onClose} />;
}

function NothingRefused() {
  return (
    <Empty icon={IconCircleCheck} title="Nothing refused">
      An event that breaks a rule, such as a track call without a name, is kept here with its reason. It can then be
      mended and sent again.
    </Empty>
  );
}
