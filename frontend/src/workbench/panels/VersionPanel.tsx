/** Right, instead of the tools: the versions of this reading, to look at and to go on with. */
import { Button, Group, Skeleton, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { wordsOf } from "@/ui/words";
import type { Bench } from "../bench";
import { useCell, useField } from "../cell";
import type { Aside } from "../drafts/database";
import { saveKept } from "../drafts/keptFile";
import type { ListedVersion, Versions } from "../versions";
import classes from "./keeping.module.css";
import { mlText } from "./LabelPanel";
import { ago } from "./SavedState";
import { Section } from "./Section";

export function VersionPanel({ bench, versions }: { bench: Bench; versions: Versions }) {
  const list = useCell(versions.list);
  const looking = useCell(bench.looking);
  useEffect(() => {
    void versions.read();
    return () => versions.stop();
  }, [versions]);
  return (
    <Section title="Versions" growing note={list.kind === "ready" ? list.versions.length : undefined}>
      <Text size="xs" c="dimmed">
        Versions that lost against another one, and those that you handed in. Going on with one puts all its
        labels in place of yours, locked ones too, as a step that you can undo; nothing is overwritten.
      </Text>
      {looking && (
        <Group justify="space-between" wrap="nowrap" className={classes.looking ?? ""} role="status">
          <Text size="xs">You look at an older version.</Text>
          <Button size="compact-xs" style={{ flexShrink: 0 }} onClick={() => versions.stop()}>
            Back to the present
          </Button>
        </Group>
      )}
      {list.kind === "loading" && <Skeleton height={96} />}
      {list.kind === "failed" && (
        <Group justify="space-between" role="alert">
          <Text size="xs" c="yellow.5">
            {wordsOf(list.error)}
          </Text>
          <Button size="compact-xs" variant="default" onClick={() => void versions.read()}>
            Try again
          </Button>
        </Group>
      )}
      <div className={classes.list}>
        {list.kind === "ready" &&
          list.versions.map((version) => (
            <VersionCard
              key={version.key}
              bench={bench}
              versions={versions}
              version={version}
              isShown={looking?.key === version.key}
            />
          ))}
      </div>
      {list.kind === "ready" &&
        list.asides.map((aside) => <AsideCard key={aside.setAsideAt} aside={aside} />)}
    </Section>
  );
}

/** What this browser kept and could not be read: a file to take away, no version to look at. */
function AsideCard({ aside }: { aside: Aside }) {
  return (
    <article className={classes.card} aria-label="What this browser kept, damaged">
      <Text size="xs" fw={600}>
        What this browser kept, damaged
      </Text>
      <Text size="xs" c="dimmed">
        Set aside {ago(Date.now() - aside.setAsideAt)}, in this browser until you sign out.
      </Text>
      <Group justify="flex-end">
        <Button size="compact-xs" variant="default" onClick={() => saveKept(aside)}>
          Download
        </Button>
      </Group>
    </article>
  );
}

function VersionCard({
  bench,
  versions,
  version,
  isShown,
}: {
  bench: Bench;
  versions: Versions;
  version: ListedVersion;
  isShown: boolean;
}) {
  const [busy, setBusy] = useState(false);
  const readOnly = useField(bench.work.editor.state, "readOnly");
  const run = async (action: () => Promise<void>) => {
    setBusy(true);
    try {
      await action();
    } catch (error) {
      bench.hint.set(wordsOf(error));
    } finally {
      setBusy(false);
    }
  };
  const { comments, savedAt } = version;
  return (
    <article className={classes.card} data-chosen={isShown || undefined} aria-label={version.name}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="xs" fw={600}>
          {version.name}
        </Text>
        {savedAt && (
          <Text
            size="xs"
            c="dimmed"
            title={new Date(savedAt).toLocaleString()}
            style={{ whiteSpace: "nowrap" }}
          >
            {ago(Date.now() - Date.parse(savedAt))}
          </Text>
        )}
      </Group>
      <Volumes bench={bench} version={version} />
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          {comments.length > 0 && `${comments.length} ${comments.length === 1 ? "comment" : "comments"}`}
        </Text>
        <Group gap={4}>
          <Button
            size="compact-xs"
            variant="default"
            disabled={busy || isShown}
            onClick={() => void run(() => versions.look(version))}
          >
            Look
          </Button>
          <Button
            size="compact-xs"
            variant="light"
            disabled={busy || readOnly}
            onClick={() => void run(() => versions.restore(version))}
          >
            Go on with it
          </Button>
        </Group>
      </Group>
    </article>
  );
}

/** Volumes by label in ml, and how much that is more or less than at present. */
function Volumes({ bench, version: { volumes } }: { bench: Bench; version: ListedVersion }) {
  const { editor } = bench.work;
  useCell(editor.state);
  if (!volumes) return null;
  return (
    <table className={classes.volumes}>
      <tbody>
        {editor.labels.map((label) => (
          <tr key={label.key}>
            <th scope="row">
              <span className={classes.swatch} style={{ background: label.color }} />
              {label.name}
            </th>
            <td>{mlText(volumes[label.key] ?? 0)} ml</td>
            <td className={classes.difference}>
              {differenceText((volumes[label.key] ?? 0) - editor.volumeMl(label))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Return a difference in ml with its sign; "=" when it would read as nothing. */
export function differenceText(ml: number): string {
  const text = mlText(Math.abs(ml));
  if (Number(text) === 0) return "=";
  return `${ml > 0 ? "+" : "−"}${text}`;
}
