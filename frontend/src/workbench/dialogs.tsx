/** The dialogs of the workbench: protocol, keys, submission, problem, sign-in, two versions. */
import {
  Alert,
  Anchor,
  Button,
  Group,
  Kbd,
  List,
  Modal,
  PasswordInput,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { signIn } from "@/api/session";
import { BINDINGS, type Binding, GESTURES } from "./keys";
import classes from "./panels/panels.module.css";
import type { Slot } from "./rubric";

/** What every dialog needs. */
interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Return the words of an error for a person. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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

const GROUPS: readonly Binding["group"][] = ["Tools", "Editing", "Slices and view", "Case"];

export function HelpDialog({ opened, onClose }: DialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="xl">
      <div className={classes.help}>
        {GROUPS.map((group) => (
          <section key={group}>
            <Title order={3} size="sm" mb={6}>
              {group}
            </Title>
            {BINDINGS.filter((binding) => binding.group === group).map(({ action, title, keys }) => (
              <HelpLine key={action} title={title} keys={keys} />
            ))}
          </section>
        ))}
        <section>
          <Title order={3} size="sm" mb={6}>
            Pointer and numbers
          </Title>
          {GESTURES.map(({ title, keys }) => (
            <HelpLine key={title} title={title} keys={[keys]} />
          ))}
        </section>
      </div>
    </Modal>
  );
}

function HelpLine({ title, keys }: { title: string; keys: readonly string[] }) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs" py={2}>
      <Text size="xs">{title}</Text>
      <Group gap={4} wrap="nowrap">
        {keys.map((key) => (
          <Kbd key={key} size="xs">
            {readable(key)}
          </Kbd>
        ))}
      </Group>
    </Group>
  );
}

function readable(key: string): string {
  const parts = key.length === 1 ? [key] : key.split("+");
  return parts.map((part) => (part.length === 1 ? part.toUpperCase() : part)).join(" ");
}

/** Ask once more before handing in; say what is missing, and what the server said when it refused. */
export function SubmitDialog({
  opened,
  onClose,
  missing,
  steps,
  onScore,
  onSubmit,
}: DialogProps & {
  missing: readonly Slot[];
  steps: number;
  onScore: () => void;
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
        <Text size="sm">
          {steps === 0
            ? "You have not changed the mask. It will be handed in as it was given to you."
            : `Your mask with ${steps} ${steps === 1 ? "step" : "steps"} of editing becomes a version that cannot be changed.`}
        </Text>
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
          <Button data-autofocus loading={busy} disabled={missing.length > 0} onClick={() => void submit()}>
            Submit
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function MissingAnswers({ missing, onScore }: { missing: readonly Slot[]; onScore: () => void }) {
  return (
    <Alert color="yellow" title="Some questions have no answer yet">
      <List size="sm" mb="xs">
        {missing.map(({ question, sequence }) => (
          <List.Item key={`${question.key} ${sequence ?? ""}`}>
            {sequence ? `${sequence}: ` : ""}
            {question.text}
          </List.Item>
        ))}
      </List>
      <Button size="xs" variant="light" onClick={onScore}>
        Answer them
      </Button>
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
