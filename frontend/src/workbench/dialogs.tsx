/** The dialogs of the workbench: protocol, keys, submission, problem, sign-in, two versions. */
import {
  Alert,
  Anchor,
  Button,
  Group,
  List,
  Modal,
  PasswordInput,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { signIn } from "@/api/session";
import { wordsOf } from "@/ui/words";
import type { Slot } from "./rubric";

/** What every dialog needs. */
interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function ProtocolDialog({
  opened,
  onClose,
  name,
  protocol,
}: DialogProps & { name: string; protocol: string }) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Protocol of ${name}`} size="lg">
      <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
        {protocol || "The lead of this study has not written instructions."}
      </Text>
    </Modal>
  );
}

/** Ask once more before handing in; say what is missing, and what the server said when it refused. */
export function SubmitDialog({
  opened,
  onClose,
  missing,
  steps,
  isAsGiven,
  onScore,
  onSubmit,
}: DialogProps & {
  missing: readonly Slot[];
  steps: number;
  isAsGiven: boolean;
  onScore: (slot: Slot) => void;
  onSubmit: () => Promise<void>;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      await onSubmit();
    } catch (reason) {
      setError(wordsOf(reason));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Submit this case">
      <Stack gap="sm">
        <Text size="sm">{whatIsHandedIn(steps, { isAsGiven })}</Text>
        {missing.length > 0 && <MissingAnswers missing={missing} onScore={onScore} />}
        {error && (
          <Alert color="red" title="Not submitted" role="alert">
            {error}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button
            data-autofocus={missing.length === 0 || undefined}
            loading={busy}
            disabled={missing.length > 0}
            onClick={() => void submit()}
          >
            Submit
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function whatIsHandedIn(steps: number, { isAsGiven }: { isAsGiven: boolean }): string {
  if (isAsGiven) return "You have not changed the mask. It will be handed in as it was given to you.";
  const editing =
    steps === 0 ? "as you saved it" : `with ${steps} ${steps === 1 ? "step" : "steps"} of editing`;
  return `Your mask ${editing} becomes a version that cannot be changed.`;
}

function MissingAnswers({ missing, onScore }: { missing: readonly Slot[]; onScore: (slot: Slot) => void }) {
  const [first] = missing;
  return (
    // The message would cut the ring round the button that has the focus.
    <Alert
      variant="default"
      title="Some questions have no answer yet"
      styles={{ message: { overflow: "visible" } }}
    >
      <List size="sm" mb="xs">
        {missing.map((slot) => (
          <List.Item key={`${slot.question.key} ${slot.sequence ?? ""}`}>
            <Anchor
              component="button"
              type="button"
              size="sm"
              ta="left"
              c="inherit"
              underline="always"
              style={{ verticalAlign: "top" }}
              onClick={() => onScore(slot)}
            >
              {slot.sequence ? `${slot.sequence}: ` : ""}
              {slot.question.text}
            </Anchor>
          </List.Item>
        ))}
      </List>
      {first && (
        <Button size="xs" variant="light" data-autofocus onClick={() => onScore(first)}>
          Answer them
        </Button>
      )}
    </Alert>
  );
}

export function ProblemDialog({
  opened,
  onClose,
  onSend,
}: DialogProps & { onSend: (text: string) => Promise<void> }) {
  const [text, setText] = useState("");
  const [state, setState] = useState<"writing" | "sending" | "sent">("writing");
  const [error, setError] = useState<string | null>(null);
  const send = async () => {
    setState("sending");
    setError(null);
    try {
      await onSend(text);
      setState("sent");
      setText("");
    } catch (reason) {
      setError(wordsOf(reason));
      setState("writing");
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={() => {
        setState("writing");
        onClose();
      }}
      title="Report a problem with this case"
    >
      {state === "sent" ? (
        <Text size="sm">The lead of the study has your message.</Text>
      ) : (
        <Stack gap="sm">
          <Textarea
            data-autofocus
            autosize
            minRows={4}
            label="What is wrong?"
            description="Do not write names or other details of the patient."
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {error && <Alert color="red">{error}</Alert>}
          <Group justify="flex-end">
            <Button loading={state === "sending"} disabled={text.trim() === ""} onClick={() => void send()}>
              Send to the lead
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

/** Sign in again without leaving the case. For a second factor or single sign-on, the full page opens beside it. */
export function SignInDialog({
  opened,
  onClose,
  email,
  onSignedIn,
}: DialogProps & { email: string; onSignedIn: () => Promise<void> }) {
  const [address, setAddress] = useState(email);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const outcome = await signIn(address, password);
      setPassword("");
      if (outcome === "signed in") await onSignedIn();
      else setError("This account has a second factor. Use “Other ways to sign in”, then come back here.");
    } catch (reason) {
      setError(wordsOf(reason));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Your sign-in has run out">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text size="sm">Your work is kept in this browser. Sign in to send it.</Text>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
          <PasswordInput
            data-autofocus
            label="Password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {error && <Alert color="red">{error}</Alert>}
          <Group justify="space-between">
            <Anchor size="sm" href="/sign-in" target="_blank" rel="noopener">
              Other ways to sign in
            </Anchor>
            <Group gap="xs">
              <Button variant="default" onClick={() => void onSignedIn()}>
                I have signed in
              </Button>
              <Button type="submit" loading={busy}>
                Sign in
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
