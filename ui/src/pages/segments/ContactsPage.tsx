import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconHelpCircle, IconUsers } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useSegment, useSegmentMembers } from "@/api/segments";
import type { SegmentMember } from "@/api/types";
import { Ask, Bars } from "@/components/Ask";
import { Empty } from "@/components/Empty";
import { NameCell } from "@/components/NameCell";
import { Panel } from "@/components/Page";
import { Split } from "@/components/Split";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";
import { Face } from "@/pages/contacts/Face";
import { titleOf } from "./member";
import { WhyPanel } from "./WhyPanel";

/** Who is in it, and why somebody is, or is not. */
export function ContactsPage() {
  const { id } = useParams({ from: "/app/segments/$id/contacts" });
  const isBuilding = useSegment(id).data?.state === "building";
  const members = useSegmentMembers(id, isBuilding);
  const [asked, setAsked] = useState("");
  return (
    <Split
      main={
        <Ask query={members}>
          {(data) => (
            <Members
              members={data.pages.flat()}
              isBuilding={isBuilding}
              onWhy={setAsked}
              more={members.hasNextPage ? () => void members.fetchNextPage() : null}
              busy={members.isFetchingNextPage}
            />
          )}
        </Ask>
      }
      side={<WhyPanel key={asked} id={id} asked={asked} />}
    />
  );
}

interface MembersProps {
  members: SegmentMember[];
  isBuilding: boolean;
  onWhy: (contact: string) => void;
  more: (() => void) | null;
  busy: boolean;
}

const HEADS = [{ name: "Contact" }, { name: "In it since", wide: true, width: 120 }, { name: "", width: 48 }];

function Members({ members, isBuilding, onWhy, more, busy }: MembersProps) {
  if (members.length === 0 && isBuilding) return <Bars />;
  if (members.length === 0) {
    return (
      <Empty icon={IconUsers} title="Nobody is in it yet">
        As soon as somebody matches the conditions, they appear here.
      </Empty>
    );
  }
  return (
    <Panel flush>
      <Rows caption="Contacts in this segment" heads={HEADS}>
        {members.map((member) => (
          <tr key={member.id}>
            <Cell>
              <Who member={member} />
            </Cell>
            <Cell wide dim>
              <When at={member.since ?? null} />
            </Cell>
            <Cell>
              <Tooltip label="Why?">
                <ActionIcon aria-label={`Why is ${titleOf(member)} in it?`} onClick={() => onWhy(member.id)}>
                  <IconHelpCircle size={17} />
                </ActionIcon>
              </Tooltip>
            </Cell>
          </tr>
        ))}
      </Rows>
      {more && (
        <Button variant="subtle" fullWidth radius={0} onClick={more} loading={busy}>
          Show more
        </Button>
      )}
    </Panel>
  );
}

function Who({ member }: { member: SegmentMember }) {
  const title = titleOf(member);
  return (
    <NameCell
      to={`/contacts/${member.id}`}
      icon={<Face id={member.id} name={title} />}
      name={title}
      note={[member.email, member.user_id, member.id].find((one) => one && one !== title)}
    />
  );
}
