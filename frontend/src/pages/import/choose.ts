/** The files that a person dropped or chose, with their paths inside what they chose. */
import type { ChosenFile } from "./uploader";

/** Files that operating systems leave in folders; nobody means to import them. */
const LITTER = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$|(^|\/)__MACOSX\//i;

/** Return the files of an `<input type="file">`; those of a folder carry their path. */
export function filesOfInput(list: FileList): ChosenFile[] {
  return tidy([...list].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** Return all files of a drop, also those in dropped folders, in their order. */
export async function filesOfDrop(data: DataTransfer): Promise<ChosenFile[]> {
  // The list of items is emptied as soon as the handler returns: take the entries first.
  const entries = [...data.items].flatMap((item) => {
    const entry = item.kind === "file" ? item.webkitGetAsEntry() : null;
    return entry ? [entry] : [];
  });
  return tidy((await Promise.all(entries.map(filesOf))).flat());
}

async function filesOf(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const found: ChosenFile[] = [];
  for (;;) {
    // A browser gives a folder's content in portions of a hundred; an empty one is the last.
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (portion.length === 0) return found;
    found.push(...(await Promise.all(portion.map(filesOf))).flat());
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function tidy(files: readonly ChosenFile[]): ChosenFile[] {
  return files
    .filter(({ path }) => !LITTER.test(path))
    .sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}
