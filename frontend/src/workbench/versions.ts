/** The versions of a reading: what the server keeps beside the present one, looked at and gone on with. */
import type { AssignmentApi, Comment, Version } from "@/api/assignment";
import { LabelStore } from "@/labels";
import type { Bench } from "./bench";
import { Cell } from "./cell";
import { joined } from "./comments";
import type { Aside } from "./drafts/database";
import { readLabels } from "./drafts/gzip";

/** One version as the list shows it. `volumes` is in ml by label key, null where they are not known. */
export interface ListedVersion {
  readonly key: string;
  readonly name: string;
  /** When it was kept or handed in; null for the mask as it was given. */
  readonly savedAt: string | null;
  readonly volumes: Readonly<Record<string, number>> | null;
  readonly comments: readonly Comment[];
  readonly layers: () => Promise<readonly Uint8Array[]>;
}

/** Where the list stands. */
export type VersionList =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly error: unknown }
  | {
      readonly kind: "ready";
      readonly versions: readonly ListedVersion[];
      /** What this browser kept and could not be read. */
      readonly asides: readonly Aside[];
    };

export class Versions {
  readonly list = new Cell<VersionList>({ kind: "loading" });
  readonly #api: AssignmentApi;
  readonly #bench: Bench;

  constructor(api: AssignmentApi, bench: Bench) {
    this.#api = api;
    this.#bench = bench;
  }

  /** Read the list anew. */
  async read(): Promise<void> {
    const { assignment, given, asides } = this.#bench.work;
    try {
      const [kept, start, aside] = await Promise.all([this.#api.versions(assignment.id), given(), asides()]);
      const versions = [...kept.map((version) => this.#listed(version)), this.#asGiven(start)];
      this.list.set({ kind: "ready", versions, asides: aside });
    } catch (error) {
      this.list.set({ kind: "failed", error });
    }
  }

  #listed(version: Version): ListedVersion {
    return {
      key: `${version.kind} ${version.number}`,
      name: nameOf(version),
      savedAt: version.saved_at,
      volumes: version.volumes_ml,
      comments: version.comments,
      layers: async () => this.#layersOf(await readLabels(await this.#api.bytes(version.labels))),
    };
  }

  #layersOf(bytes: Uint8Array): readonly Uint8Array[] {
    const { store } = this.#bench.work.editor;
    return new LabelStore(store.grid, store.layers.length, bytes).layers;
  }

  #asGiven(layers: readonly Uint8Array[]): ListedVersion {
    const { labels, grid } = this.#bench.work.editor;
    const volumes = Object.fromEntries(
      labels.map(({ key, layerIndex, value }) => [key, count(layers[layerIndex], value) * grid.voxelMl]),
    );
    return {
      key: "given",
      name: "The mask as it was given",
      savedAt: null,
      volumes,
      comments: [],
      layers: async () => layers,
    };
  }

  /** Show a version in place of the present labels; no tool works meanwhile. */
  async look(version: ListedVersion): Promise<void> {
    const layers = await version.layers();
    if (this.#bench.side.get() !== "versions") return; // the list was left meanwhile
    this.#bench.looking.set({ key: version.key, name: version.name, layers });
  }

  /** Show the present labels again. */
  stop(): void {
    this.#bench.looking.set(null);
  }

  /** Go on with a version: all its labels, locked ones too, as one step that can be undone. Its comments come back beside the present ones. */
  async restore(version: ListedVersion): Promise<void> {
    const { editor, comments } = this.#bench.work;
    const layers = await version.layers();
    this.stop();
    const differs = await editor.adopt(layers, `Restore · ${version.name}`);
    const all = joined(comments.get(), version.comments);
    if (all.length > comments.get().length) comments.set(all);
    if (!differs) this.#bench.hint.set("That version has the same labels as the present one.");
  }
}

function nameOf({ kind, number, origin }: Version): string {
  if (kind === "submission") return `Handed in, ${ordinal(number)} time`;
  return origin === "server" ? "The server's version, kept beside" : "Work of a browser, kept beside";
}

function ordinal(number: number): string {
  return ["first", "second", "third"][number - 1] ?? `${number}th`;
}

function count(labels: Uint8Array | undefined, value: number): number {
  let found = 0;
  for (const label of labels ?? []) if (label === value) found++;
  return found;
}
