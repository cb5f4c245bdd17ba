/** The help sheet: every key, and how to choose another one. */
import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Kbd,
  Modal,
  Text,
  Title,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { IconRestore } from "@tabler/icons-react";
import { Fragment, useEffect, useState } from "react";
import { useCell } from "./cell";
import { assigned, conflictOf, isFree, isWholeKey, restored } from "./keymap";
import { BINDINGS, type Binding, GESTURES, keyName, keysOf, type OwnKeys, ownKeys, readable } from "./keys";
import type { OwnSettings } from "./ownSettings";
import classes from "./panels/panels.module.css";

export interface HelpDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly own: OwnSettings;
}

const GROUPS = [...new Set(BINDINGS.map(({ group }) => group))];

export function HelpDialog({ opened, onClose, own: { settings, trouble } }: HelpDialogProps) {
  const own = useCell(ownKeys);
  const [asked, setAsked] = useState<Binding | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const error = useCell(trouble);
  const keep = (keys: OwnKeys) => {
    settings.patch({ keys });
    setAsked(null);
    setWanted(null);
  };
  const press = (key: string) => {
    if (!asked) return;
    if (!isFree(key) || conflictOf(asked.action, key)) setWanted(key);
    else keep(assigned(own, asked.action, key));
  };
  useNextKey(opened && asked !== null && wanted === null, press, () => setAsked(null));
  const close = () => {
    setAsked(null);
    setWanted(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Keys" size="xl" closeOnEscape={asked === null}>
      <Group justify="space-between" mb="sm" wrap="nowrap" align="flex-start">
        <Text size="xs" c="dimmed">
          Click a key to choose another one. Your keys and settings are kept with your account.
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          disabled={Object.keys(own).length === 0}
          onClick={() => keep({})}
        >
          All keys as they were
        </Button>
      </Group>
      {asked && (
        <Asked
          binding={asked}
          wanted={wanted}
          onTake={(key) => keep(assigned(own, asked.action, key))}
          onOther={() => setWanted(null)}
          onCancel={() => {
            setAsked(null);
            setWanted(null);
          }}
        />
      )}
      {error && (
        <Alert
          color="yellow"
          mb="sm"
          title="Your keys and settings hold here, but could not be kept with your account yet"
        >
          {error}
        </Alert>
      )}
      <div className={classes.help}>
        {GROUPS.map((group) => (
          <section key={group}>
            <Title order={3} size="sm" mb={6}>
              {group}
            </Title>
            {BINDINGS.filter((binding) => binding.group === group).map((binding) => (
              <Line
                key={binding.action}
                binding={binding}
                isOwn={binding.action in own}
                onChange={() => {
                  setWanted(null);
                  setAsked(binding);
                }}
                onRestore={() => keep(restored(own, binding.action))}
              />
            ))}
          </section>
        ))}
        <section>
          <Title order={3} size="sm" mb={6}>
            Pointer and numbers
          </Title>
          {GESTURES.map(({ title, keys }) => (
            <Group key={title} justify="space-between" wrap="nowrap" gap="xs" py={2}>
              <Text size="xs">{title}</Text>
              <Kbd size="xs">{keys}</Kbd>
            </Group>
          ))}
        </section>
      </div>
    </Modal>
  );
}

function Line({
  binding: { action, title },
  isOwn,
  onChange,
  onRestore,
}: {
  binding: Binding;
  isOwn: boolean;
  onChange: () => void;
  onRestore: () => void;
}) {
  const keys = keysOf(action);
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs" py={2}>
      <Text size="xs" fw={isOwn ? 600 : undefined}>
        {title}
      </Text>
      <Group gap={4} wrap="nowrap">
        {isOwn && (
          <Tooltip label="As it was">
            <ActionIcon
              size="xs"
              variant="subtle"
              color="gray"
              aria-label={`${title}: key as it was`}
              onClick={onRestore}
            >
              <IconRestore size={13} />
            </ActionIcon>
          </Tooltip>
        )}
        <UnstyledButton
          aria-label={`Change the key of: ${title}, now ${keys.map(readable).join(" ") || "none"}`}
          onClick={onChange}
        >
          <Group gap={4} wrap="nowrap">
            {keys.length === 0 && <Kbd size="xs">none</Kbd>}
            {keys.map((key) => (
              <Fragment key={key}>
                <Kbd size="xs">{readable(key)}</Kbd>{" "}
              </Fragment>
            ))}
          </Group>
        </UnstyledButton>
      </Group>
    </Group>
  );
}

function Asked({
  binding: { action, title },
  wanted,
  onTake,
  onOther,
  onCancel,
}: {
  binding: Binding;
  wanted: string | null;
  onTake: (key: string) => void;
  onOther: () => void;
  onCancel: () => void;
}) {
  const holder = wanted === null ? null : conflictOf(action, wanted);
  return (
    <Alert mb="sm" p="xs" role="status">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">
          {wanted === null && `Press the new key of “${title}”. Escape leaves it as it is.`}
          {wanted !== null && holder && `${readable(wanted)} is the key of “${holder.title}”.`}
          {wanted !== null && !holder && `${readable(wanted)} keeps its meaning. Press another key.`}
        </Text>
        <Group gap={4} wrap="nowrap">
          {wanted !== null && holder && (
            <Button size="compact-xs" onClick={() => onTake(wanted)}>
              Take it over
            </Button>
          )}
          {wanted !== null && (
            <Button size="compact-xs" variant="default" onClick={onOther}>
              Another key
            </Button>
          )}
          <Button size="compact-xs" variant="default" onClick={onCancel}>
            Leave it
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}

/** Give the next key that is pressed to a listener, before anything else hears it. */
function useNextKey(active: boolean, onKey: (key: string) => void, onEscape: () => void): void {
  useEffect(() => {
    if (!active) return;
    const listen = (event: KeyboardEvent) => {
      if (!isWholeKey(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Escape") onEscape();
      else onKey(keyName(event));
    };
    window.addEventListener("keydown", listen, { capture: true });
    return () => window.removeEventListener("keydown", listen, { capture: true });
  });
}
