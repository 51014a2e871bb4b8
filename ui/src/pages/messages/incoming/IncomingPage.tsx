import { Button, Chip, Group } from "@mantine/core";
import { IconMailDown } from "@tabler/icons-react";
import { useState } from "react";
import { type IncomingMail, type Outcome, useIncomingCounts, useIncomingMail } from "@/api/incoming";
import { Bars } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { Failure } from "@/components/Failure";
import { compact } from "@/components/format";
import { Panel } from "@/components/Page";
import { IncomingDrawer } from "./IncomingDrawer";
import { IncomingTable } from "./IncomingTable";
import { FILTERS, OUTCOMES } from "./outcomes";

/** What came back by mail, what it was found to be, and what could not be matched. */
export function IncomingPage() {
  const [outcome, setOutcome] = useState<Outcome>();
  const [chosen, setChosen] = useState<IncomingMail | null>(null);
  const mails = useIncomingMail(outcome);
  const all = mails.data?.pages.flat();
  if (mails.error && !all) return <Failure error={mails.error} again={() => void mails.refetch()} />;
  return (
    <>
      <Panel
        flush
        title="Incoming mail"
        lead="Bounces, complaints, replies and unsubscribes by mail, and what each was found to be."
        beside={<Filters outcome={outcome} onChoose={setOutcome} />}
      >
        {!all ? (
          <Bars />
        ) : all.length === 0 ? (
          <Nothing outcome={outcome} />
        ) : (
          <IncomingTable mails={all} onChoose={setChosen} />
        )}
      </Panel>
      {mails.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={mails.isFetchingNextPage} onClick={() => void mails.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
      <IncomingDrawer mail={chosen} onClose={() => setChosen(null)} />
    </>
  );
}

/** Only the kinds that there are, with how many of each. */
function Filters({ outcome, onChoose }: { outcome: Outcome | undefined; onChoose: (outcome?: Outcome) => void }) {
  const counts = new Map(useIncomingCounts().data?.map((each) => [each.outcome, each.count]));
  const shown = FILTERS.filter((each) => counts.has(each) || each === outcome);
  if (shown.length === 0) return null;
  return (
    <Chip.Group
      value={outcome ?? "all"}
      onChange={(value) => onChoose(value === "all" ? undefined : (value as Outcome))}
    >
      <Group gap={6}>
        <Chip value="all" size="xs" variant="light">
          All
        </Chip>
        {shown.map((each) => (
          <Chip key={each} value={each} size="xs" variant="light">
            {OUTCOMES[each].words} {compact(counts.get(each) ?? 0)}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

function Nothing({ outcome }: { outcome: Outcome | undefined }) {
  if (outcome) {
    return (
      <Empty bare icon={IconMailDown} title="None of these">
        Mail that is found to be a “{OUTCOMES[outcome].words.toLowerCase()}” is shown here.
      </Empty>
    );
  }
  return (
    <Empty bare icon={IconMailDown} title="No mail has come in yet">
      Bounces, complaints and replies arrive here once the mail server has a port (Channels, Receiving), or your own
      mail server hands them on by <span className="mono">skywrite mail receive</span>.
    </Empty>
  );
}
