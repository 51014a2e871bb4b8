import { Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import { IconLink, IconUserPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useMe } from "@/api/session";
import { useAddUser, useRemoveUser, useUsers } from "@/api/settings";
import type { User } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Confirm } from "@/components/Confirm";
import { CopyField } from "@/components/Copy";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { State } from "@/components/State";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";

export function UsersPage() {
  const users = useUsers();
  return (
    <>
      <Invite />
      <Ask query={users}>{(all) => <UserTable users={all} />}</Ask>
    </>
  );
}

/** Adds a user; the link to choose a password with is shown once, to be handed on. */
function Invite() {
  const [email, setEmail] = useState("");
  const add = useAddUser();
  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate(email.trim(), { onSuccess: () => setEmail("") });
  }
  return (
    <Panel title="Invite someone" lead="They get a link to choose a password with. Everyone here may do everything.">
      <form onSubmit={submit}>
        <Group gap="xs" align="flex-end">
          <TextInput
            aria-label="Email"
            type="email"
            placeholder="name@example.com"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            required
            w={320}
            maw="100%"
          />
          <Button type="submit" leftSection={<IconUserPlus size={16} />} loading={add.isPending}>
            Make a link
          </Button>
        </Group>
      </form>
      <FormFailure error={add.error} />
      {add.data && (
        <Alert color="sky" variant="light" icon={<IconLink size={18} />} title={`The link for ${add.data.user.email}`}>
          <Stack gap="xs">
            Send it to them yourself. It is shown only now, and works once.
            <CopyField value={add.data.link} what="link" />
          </Stack>
        </Alert>
      )}
    </Panel>
  );
}

const HEADS = [{ name: "Email" }, { name: "Status" }, { name: "Added", wide: true }, { name: "", right: true }];

function UserTable({ users }: { users: User[] }) {
  const me = useMe();
  const remove = useRemoveUser();
  const [asking, setAsking] = useState<User | null>(null);
  return (
    <Panel flush title="Users">
      <Rows caption="Users" heads={HEADS}>
        {users.map((user) => {
          const isMe = user.email === me.data?.email;
          return (
            <tr key={user.id}>
              <Cell>
                {user.email}
                {isMe && <span style={{ color: "var(--sw-faint)" }}> (you)</span>}
              </Cell>
              <Cell>
                {user.active ? <State state="ok" words="Active" /> : <State state="silent" words="Invited" />}
              </Cell>
              <Cell wide dim>
                <When at={user.created_at} />
              </Cell>
              <Cell right>
                {!isMe && (
                  <Button size="compact-xs" variant="subtle" color="red" onClick={() => setAsking(user)}>
                    Remove
                  </Button>
                )}
              </Cell>
            </tr>
          );
        })}
      </Rows>
      <Confirm
        opened={asking !== null}
        onClose={() => setAsking(null)}
        title="Remove this user?"
        verb="Remove"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => asking && remove.mutate(asking.id, { onSuccess: () => setAsking(null) })}
      >
        {asking?.email} is signed out everywhere and can’t sign in again.
      </Confirm>
    </Panel>
  );
}
