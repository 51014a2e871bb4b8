import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useAcceptInvitation, useSetup } from "@/api/session";
import { Bars } from "@/components/Ask";
import { FormFailure } from "@/components/Failure";
import { SessionFrame } from "./SessionFrame";

const SHORTEST_PASSWORD = 10;

/** Where the first-run link and invitations lead; the first asks for an email address too. */
export function Welcome() {
  const { token } = useSearch({ from: "/welcome" });
  const setup = useSetup();
  const isFirst = setup.data?.needs_first_user ?? false;
  if (!token) {
    return (
      <SessionFrame
        title="This link is not whole"
        lead="It has no token in it. Copy the whole link, and open it again."
      >
        {null}
      </SessionFrame>
    );
  }
  return (
    <SessionFrame
      title={isFirst ? "Welcome to Skywrite" : "Join Skywrite"}
      lead={
        isFirst
          ? "Make the first account of this server. You can invite others afterwards."
          : "You have been invited. Choose a password to finish your account."
      }
    >
      {setup.isPending ? <Bars rows={2} height={36} /> : <WelcomeForm token={token} isFirst={isFirst} />}
    </SessionFrame>
  );
}

function WelcomeForm({ token, isFirst }: { token: string; isFirst: boolean }) {
  const navigate = useNavigate();
  const accept = useAcceptInvitation();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { email: "", password: "" },
    validate: {
      password: (value) => (value.length < SHORTEST_PASSWORD ? `At least ${SHORTEST_PASSWORD} characters.` : null),
    },
  });
  const submit = form.onSubmit(({ email, password }) =>
    accept.mutate({ token, password, email: isFirst ? email : null }, { onSuccess: () => void navigate({ to: "/" }) }),
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {isFirst && (
          <TextInput
            label="Email"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
            {...form.getInputProps("email")}
          />
        )}
        <PasswordInput
          label="Password"
          description={`At least ${SHORTEST_PASSWORD} characters.`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          {...form.getInputProps("password")}
        />
        <FormFailure error={accept.error} />
        <Button type="submit" fullWidth loading={accept.isPending}>
          {isFirst ? "Create account" : "Join"}
        </Button>
      </Stack>
    </form>
  );
}
