import { Button, Code, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useSetup, useSignIn } from "@/api/session";
import { FormFailure } from "@/components/Failure";
import { localPath } from "./localPath";
import { SessionFrame } from "./SessionFrame";

export function SignIn() {
  const setup = useSetup();
  if (setup.data?.needs_first_user) return <NoUserYet />;
  return (
    <SessionFrame title="Sign in" lead="Welcome back to Skywrite.">
      <SignInForm />
    </SessionFrame>
  );
}

function SignInForm() {
  const { next } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const signIn = useSignIn();
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "", password: "" } });
  const submit = form.onSubmit((values) =>
    signIn.mutate(values, { onSuccess: () => void navigate({ href: localPath(next) }) }),
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Email"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          data-autofocus
          autoFocus
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          {...form.getInputProps("password")}
        />
        <FormFailure error={signIn.error} />
        <Button type="submit" fullWidth loading={signIn.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

function NoUserYet() {
  return (
    <SessionFrame
      title="Open your first-run link"
      lead={
        <>
          Nobody can sign in yet. When it started, Skywrite printed a link in its terminal that lets you make the first
          account. Open that link, or make an account on the server:
        </>
      }
    >
      <Code block>skywrite user add you@example.com</Code>
    </SessionFrame>
  );
}
