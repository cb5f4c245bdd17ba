/** Right, instead of the tools: comments at voxels, written, found again, changed and removed. */
import { ActionIcon, Button, Group, Text, Textarea, Tooltip, UnstyledButton } from "@mantine/core";
import { IconMapPin, IconPencil, IconTrash } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useState } from "react";
import type { Comment } from "@/api/assignment";
import type { Bench } from "../bench";
import { useCell, useField } from "../cell";
import { changed, LONGEST_COMMENT, MOST_COMMENTS, withComment, without } from "../comments";
import { keyOf } from "../keys";
import classes from "./keeping.module.css";
import { Section } from "./Section";

export function CommentPanel({ bench }: { bench: Bench }) {
  const { comments, editor } = bench.work;
  const all = useCell(comments);
  const writing = useCell(bench.writing);
  const readOnly = useField(editor.state, "readOnly");
  const [editing, setEditing] = useState<string | null>(null);
  useEffect(() => () => bench.writing.set(null), [bench]);
  return (
    <Section title="Comments" growing note={all.length}>
      <Text size="xs" c="dimmed">
        A comment stays at its voxel, is handed in with the case, and is read by the lead.
      </Text>
      {!writing && (
        <Tooltip label={`Comment at the cross (${keyOf("comment.here")})`} openDelay={300}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconMapPin size={15} />}
            disabled={readOnly || all.length >= MOST_COMMENTS}
            onClick={() => bench.commentHere()}
          >
            Comment at the cross
          </Button>
        </Tooltip>
      )}
      {writing && (
        <Writing
          key={writing.join(" ")}
          label={`At voxel ${voxelText(writing)}`}
          onCancel={() => bench.writing.set(null)}
          onKeep={(text) => {
            comments.set(withComment(all, { id: crypto.randomUUID(), voxel: writing, text }));
            bench.writing.set(null);
          }}
        />
      )}
      <ul className={classes.list} aria-label="Comments">
        {all.map((comment) => (
          <li key={comment.id} className={classes.card}>
            {editing === comment.id ? (
              <Writing
                label={`At voxel ${voxelText(comment.voxel)}`}
                text={comment.text}
                onCancel={() => setEditing(null)}
                onKeep={(text) => {
                  comments.set(changed(all, comment.id, text));
                  setEditing(null);
                }}
              />
            ) : (
              <Shown
                comment={comment}
                readOnly={readOnly}
                onJump={() => bench.reveal(comment.voxel)}
                onEdit={() => setEditing(comment.id)}
                onRemove={() => comments.set(without(all, comment.id))}
              />
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Shown({
  comment,
  readOnly,
  onJump,
  onEdit,
  onRemove,
}: {
  comment: Comment;
  readOnly: boolean;
  onJump: () => void;
  onEdit: () => void;
  onRemove: () => void;
}) {
  return (
    <>
      <UnstyledButton className={classes.jump ?? ""} onClick={onJump} title="Go there">
        <Text size="xs" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {comment.text}
        </Text>
        <Text size="xs" c="dimmed">
          voxel {voxelText(comment.voxel)}
        </Text>
      </UnstyledButton>
      <Group gap={2} justify="flex-end">
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label="Change the comment"
          disabled={readOnly}
          onClick={onEdit}
        >
          <IconPencil size={14} />
        </ActionIcon>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label="Remove the comment"
          disabled={readOnly}
          onClick={onRemove}
        >
          <IconTrash size={14} />
        </ActionIcon>
      </Group>
    </>
  );
}

function Writing({
  label,
  text = "",
  onKeep,
  onCancel,
}: {
  label: string;
  text?: string;
  onKeep: (text: string) => void;
  onCancel: () => void;
}) {
  const [value, setValue] = useState(text);
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && value.trim()) onKeep(value);
  };
  return (
    <>
      <Textarea
        autoFocus
        autosize
        minRows={2}
        maxRows={8}
        size="xs"
        label={label}
        description="Do not write names or other details of the patient."
        maxLength={LONGEST_COMMENT}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={press}
      />
      <Group gap={4} justify="flex-end">
        <Button size="compact-xs" variant="default" onClick={onCancel}>
          Give up
        </Button>
        <Tooltip label="Keep (Ctrl Enter)" openDelay={300}>
          <Button size="compact-xs" disabled={value.trim() === ""} onClick={() => onKeep(value)}>
            Keep
          </Button>
        </Tooltip>
      </Group>
    </>
  );
}

/** People count from 1, as the status bar does. */
function voxelText(voxel: readonly number[]): string {
  return voxel.map((n) => n + 1).join(" ");
}
