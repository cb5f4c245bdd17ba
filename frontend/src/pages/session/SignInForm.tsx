/** E-mail, password and, where the account asks for it, the code of the second factor. */
import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { confirmSecondFactor, signIn } from "@/api/session";
import { wordsOf } from "@/ui/words";

/** Ask for the sign-in; `onSignedIn` is called when the server agreed. */
export function SignInForm({ email = "", onSignedIn }: { email?: string; onSignedIn: () => Promise<void> }) {
  const [step, setStep] = useState<"password" | "code">("password");
  const [address, setAddress] = useState(email);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const attempt = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      if (step === "code") {
        await confirmSecondFactor(code);
      } else if ((await signIn(address.trim(), password)) === "second factor") {
        setStep("code");
        return;
      }
      await onSignedIn();
    } catch (reason) {
      setError(wordsOf(reason));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void attempt(event)}>
      <Stack gap="sm">
        {step === "password" ? (
          <>
            <TextInput
              label="E-mail"
              name="email"
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              data-autofocus={email === ""}
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              name="password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              data-autofocus={email !== ""}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </>
        ) : (
          <CodeStep code={code} onChange={setCode} onBack={() => setStep("password")} />
        )}
        {error && (
          <Alert color="red" variant="light" role="alert" p="xs">
            {error}
          </Alert>
        )}
        <Button type="submit" loading={busy} fullWidth mt={4}>
          {step === "code" ? "Confirm" : "Sign in"}
        </Button>
        {step === "password" && (
          <Anchor component={Link} to="/password-reset" size="sm" ta="center">
            Forgotten your password?
          </Anchor>
        )}
      </Stack>
    </form>
  );
}

function CodeStep({
  code,
  onChange,
  onBack,
}: {
  code: string;
  onChange: (code: string) => void;
  onBack: () => void;
}) {
  return (
    <>
      <Text size="sm">
        This account has a second factor. Type the code that your authenticator app shows, or a recovery code.
      </Text>
      <TextInput
        label="Code"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        withAsterisk={false}
        autoFocus
        leftSection={<IconLock size={16} />}
        value={code}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Anchor component="button" type="button" size="sm" onClick={onBack}>
        Use another account
      </Anchor>
    </>
  );
}
