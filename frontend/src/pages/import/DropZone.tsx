/** Where files and folders are dropped or chosen. */
import { Alert, Button, FileButton, Group, Text } from "@mantine/core";
import { IconCloudUpload, IconFile, IconFolder } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { wordsOf } from "@/ui/words";
import { filesOfDrop, filesOfInput } from "./choose";
import classes from "./DropZone.module.css";
import type { ChosenFile } from "./uploader";

/** Ask for files; `onFiles` is called with at least one. */
export function DropZone({
  title,
  disabled = false,
  onFiles,
}: {
  title: string;
  disabled?: boolean;
  onFiles: (files: readonly ChosenFile[]) => void;
}) {
  const folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const take = (files: readonly ChosenFile[]) => {
    setError(files.length === 0 ? "There is no file in what you chose." : null);
    if (files.length > 0) onFiles(files);
  };
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (disabled) return;
    try {
      take(await filesOfDrop(event.dataTransfer));
    } catch (reason) {
      setError(`A file could not be read: ${wordsOf(reason)}`);
    }
  };
  return (
    <section
      aria-label="Files to import"
      className={classes.zone}
      data-over={over && !disabled}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <IconCloudUpload size={40} stroke={1.2} aria-hidden />
      <Text fw={550}>{title}</Text>
      <Group gap="xs">
        <FileButton multiple disabled={disabled} onChange={(files) => take(files.map(asChosen))}>
          {(props) => (
            <Button {...props} leftSection={<IconFile size={16} />}>
              Choose files
            </Button>
          )}
        </FileButton>
        <Button
          variant="default"
          disabled={disabled}
          leftSection={<IconFolder size={16} />}
          onClick={() => folder.current?.click()}
        >
          Choose folder
        </Button>
      </Group>
      <Text size="xs" c="dimmed" maw={520}>
        NIfTI (.nii, .nii.gz), NRRD, MetaImage, and zip or tar archives of them. Nothing becomes a case before
        you have seen and confirmed it. Names and dates in headers, file names and sidecars are not taken
        over.
      </Text>
      {error && (
        <Alert color="yellow" variant="light" p="xs">
          {error}
        </Alert>
      )}
      <input
        ref={folder}
        type="file"
        hidden
        multiple
        aria-label="Folder to import"
        {...{ webkitdirectory: "" }}
        onChange={({ currentTarget }) => {
          if (currentTarget.files) take(filesOfInput(currentTarget.files));
          currentTarget.value = "";
        }}
      />
    </section>
  );
}

function asChosen(file: File): ChosenFile {
  return { path: file.webkitRelativePath || file.name, file };
}
