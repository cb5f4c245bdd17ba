/** The second factor: set it up with an authenticator app, keep the recovery codes, turn it off. */
import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Image,
  PasswordInput,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { renderSVG } from "uqr";
import {
  beginEnrolment,
  confirmPassword,
  type Enrolment,
  finishEnrolment,
  hasSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
} from "@/api/secondFactor";
import { ErrorState } from "@/ui/ErrorState";
import { Panel } from "@/ui/Panel";
import { wordsOf } from "@/ui/words";

type Step = "rest" | "set up" | "renew" | "remove";

/** Show whether a code is asked for at sign-in, and what can be done about it. */
export function SecondFactor() {
  const state = useQuery({ queryKey: ["second factor"], queryFn: hasSecondFactor });
  const [step, setStep] = useState<Step>("rest");
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<string[]>([]);

  const settle = async (found: string[]) => {
    setCodes(found);
    setEnrolment(null);
    setStep("rest");
    await state.refetch();
  };
  const proceed = async (password: string) => {
    await confirmPassword(password);
    if (step === "set up") setEnrolment(await beginEnrolment());
    else if (step === "renew") await settle(await renewRecoveryCodes());
    else {
      await removeSecondFactor();
      await settle([]);
    }
  };

  return (
    <Panel title="Second factor">
      {state.error && (
        <ErrorState
          title="It could not be read whether you have one"
          error={state.error}
          onRetry={() => void state.refetch()}
        />
      )}
      <Stack gap="xs">
        {codes.length > 0 && <RecoveryCodes codes={codes} onKept={() => setCodes([])} />}
        {step === "rest" && state.data !== undefined && (
          <Standing on={state.data} onChoose={setStep} hidden={codes.length > 0} />
        )}
        {step !== "rest" && !enrolment && (
          <Ask
            label="Your password"
            kind="password"
            action={step === "remove" ? "Turn it off" : "Go on"}
            onSend={proceed}
            onCancel={() => setStep("rest")}
          >
            Give your password once more.
          </Ask>
        )}
        {enrolment && (
          <Enrol
            enrolment={enrolment}
            onSend={async (code) => settle(await finishEnrolment(code))}
            onCancel={() => {
              setEnrolment(null);
              setStep("rest");
            }}
          />
        )}
      </Stack>
    </Panel>
  );
}

function Standing({
  on,
  hidden,
  onChoose,
}: {
  on: boolean;
  hidden: boolean;
  onChoose: (step: Step) => void;
}) {
  if (hidden) return null;
  return (
    <>
      <Text size="sm">
        {on
          ? "On. Signing in asks for a code of your authenticator app, too."
          : "Off. With it, signing in asks for a six-digit code of an app on your phone beside the password."}
      </Text>
      <Group justify="flex-end" gap="xs">
        {on ? (
          <>
            <Button size="xs" variant="default" onClick={() => onChoose("renew")}>
              New recovery codes
            </Button>
            <Button size="xs" variant="default" color="red" onClick={() => onChoose("remove")}>
              Turn it off
            </Button>
          </>
        ) : (
          <Button size="xs" onClick={() => onChoose("set up")}>
            Set it up
          </Button>
        )}
      </Group>
    </>
  );
}

function Enrol({
  enrolment,
  onSend,
  onCancel,
}: {
  enrolment: Enrolment;
  onSend: (code: string) => Promise<void>;
  onCancel: () => void;
}) {
  const picture = `data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(enrolment.address, { border: 2 }))}`;
  return (
    <>
      <Text size="sm">1. Scan this with an authenticator app, or type the key into it.</Text>
      <Group wrap="nowrap" align="center">
        <Image src={picture} alt="QR code for the authenticator app" w={150} h={150} radius="sm" />
        <Code aria-label="Key for the authenticator app" style={{ overflowWrap: "anywhere" }}>
          {enrolment.secret}
        </Code>
      </Group>
      <Ask label="Code" kind="code" action="Turn it on" onSend={onSend} onCancel={onCancel}>
        2. Type the six digits that the app shows now.
      </Ask>
    </>
  );
}

function Ask({
  label,
  kind,
  action,
  children,
  onSend,
  onCancel,
}: {
  label: string;
  kind: "password" | "code";
  action: string;
  children: ReactNode;
  onSend: (value: string) => Promise<void>;
  onCancel: () => void;
}) {
  const [value, setValue] = useState("");
  const send = useMutation({ mutationFn: () => onSend(value) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  const common = {
    label,
    required: true,
    withAsterisk: false,
    autoFocus: true,
    value,
    onChange: (event: { currentTarget: HTMLInputElement }) => setValue(event.currentTarget.value),
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Text size="sm">{children}</Text>
        {kind === "password" ? (
          <PasswordInput {...common} autoComplete="current-password" />
        ) : (
          <TextInput {...common} inputMode="numeric" autoComplete="one-time-code" />
        )}
        {send.error && (
          <Alert color="red" variant="light" role="alert" p="xs">
            {wordsOf(send.error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button size="xs" type="submit" loading={send.isPending}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  return (
    <Alert color="teal" variant="light" title="Keep these recovery codes">
      <Text size="sm" mb="xs">
        Each opens your account once, should the app be lost. Print them or store them where you keep
        passwords.
      </Text>
      <Code block aria-label="Recovery codes">
        {codes.join("\n")}
      </Code>
      <Group justify="flex-end" gap="xs" mt="xs">
        <CopyButton value={codes.join("\n")}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button size="xs" onClick={onKept}>
          I have kept them
        </Button>
      </Group>
    </Alert>
  );
}
