import { Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useAddToken, useRemoveToken, useTokens } from "@/api/settings";
import type { Token } from "@/api/types";
import { Ask } from "@/components/Ask";
import { Confirm } from "@/components/Confirm";
import { CopyField } from "@/components/Copy";
import { Empty } from "@/components/Empty";
import { FormFailure } from "@/components/Failure";
import { Panel } from "@/components/Page";
import { Cell, Rows } from "@/components/Table";
import { When } from "@/components/When";

export function TokensPage() {
  const tokens = useTokens();
  return (
    <>
      <NewToken />
      <Ask query={tokens}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={IconKey} title="No API tokens">
              A program that signs in with a token may do all that these pages can. The API is described at{" "}
              <a className="link" href="/api/openapi.json">
                /api/openapi.json
              </a>
              .
            </Empty>
          ) : (
            <TokenTable tokens={all} />
          )
        }
      </Ask>
    </>
  );
}

/** Makes a token; its secret is shown once. */
function NewToken() {
  const [name, setName] = useState("");
  const add = useAddToken();
  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate(name.trim(), { onSuccess: () => setName("") });
  }
  return (
    <Panel title="New token" lead="For programs that use the management API, sent as Authorization: Bearer.">
      <form onSubmit={submit}>
        <Group gap="xs">
          <TextInput
            aria-label="Name"
            placeholder="What it is for"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={200}
            w={320}
            maw="100%"
          />
          <Button type="submit" leftSection={<IconPlus size={16} />} loading={add.isPending}>
            Make token
          </Button>
        </Group>
      </form>
      <FormFailure error={add.error} />
      {add.data && (
        <Alert color="sky" variant="light" icon={<IconKey size={18} />} title={`The token “${add.data.token.name}”`}>
          <Stack gap="xs">
            Copy it now: it is shown only this once.
            <CopyField value={add.data.secret} what="token" />
          </Stack>
        </Alert>
      )}
    </Panel>
  );
}

const HEADS = [{ name: "Name" }, { name: "Made", wide: true }, { name: "Last used" }, { name: "", right: true }];

function TokenTable({ tokens }: { tokens: Token[] }) {
  const remove = useRemoveToken();
  const [asking, setAsking] = useState<Token | null>(null);
  return (
    <Panel flush title="Tokens">
      <Rows caption="API tokens" heads={HEADS}>
        {tokens.map((token) => (
          <tr key={token.id}>
            <Cell>{token.name}</Cell>
            <Cell wide dim>
              <When at={token.created_at} />
            </Cell>
            <Cell dim>
              <When at={token.last_used_at} />
            </Cell>
            <Cell right>
              <Button size="compact-xs" variant="subtle" color="red" onClick={() => setAsking(token)}>
                Revoke
              </Button>
            </Cell>
          </tr>
        ))}
      </Rows>
      <Confirm
        opened={asking !== null}
        onClose={() => setAsking(null)}
        title="Revoke this token?"
        verb="Revoke"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => asking && remove.mutate(asking.id, { onSuccess: () => setAsking(null) })}
      >
        Programs that use “{asking?.name}” are refused from now on.
      </Confirm>
    </Panel>
  );
}
