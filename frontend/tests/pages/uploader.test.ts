import { describe, expect, it } from "vitest";
import { ApiError, OfflineError } from "@/api/client";
import { type ChosenFile, Uploader, type UploadProgress, type UploadServer } from "@/pages/import/uploader";

/** A server that keeps what arrives, and can lose the line or refuse a file. */
class KeepingServer implements UploadServer {
  readonly kept = new Map<string, string>();
  readonly offsets: number[] = [];
  breakAfter = Number.POSITIVE_INFINITY;
  refused = "";

  async announce(path: string, size: number) {
    if (path === this.refused) throw new ApiError(422, "This name is not allowed.");
    if (!this.kept.has(path)) this.kept.set(path, "");
    return { id: path, path, size, received: this.kept.get(path)?.length ?? 0 };
  }

  async send(id: string, offset: number, piece: Blob) {
    this.offsets.push(offset);
    if (this.offsets.length === this.breakAfter) throw new OfflineError("The server cannot be reached.");
    const before = this.kept.get(id) ?? "";
    if (offset !== before.length) return before.length;
    const after = before + (await new Response(piece).text());
    this.kept.set(id, after);
    return after.length;
  }
}

const FILES: readonly ChosenFile[] = [
  { path: "a/one.nii", file: new Blob(["0123456789"]) },
  { path: "a/empty.json", file: new Blob([]) },
  { path: "a/two.nii", file: new Blob(["abcdef"]) },
];

function run(server: UploadServer, files = FILES) {
  const told: UploadProgress[] = [];
  const uploader = new Uploader(server, files, {
    pieceBytes: 4,
    onProgress: (progress) => told.push(progress),
    wait: async () => undefined,
  });
  return { uploader, told, last: () => told[told.length - 1] as UploadProgress };
}

describe("the uploader", () => {
  it("sends every byte of every file once, in pieces", async () => {
    const server = new KeepingServer();
    const { uploader, last } = run(server);
    await uploader.run();
    expect(Object.fromEntries(server.kept)).toEqual({
      "a/one.nii": "0123456789",
      "a/empty.json": "",
      "a/two.nii": "abcdef",
    });
    expect(server.offsets).toEqual([0, 4, 8, 0, 4]);
    expect(last()).toMatchObject({ phase: "done", filesSent: 3, bytes: 16, bytesSent: 16, refused: [] });
  });

  it("goes on after a lost connection at the byte that the server waits for", async () => {
    const server = new KeepingServer();
    server.breakAfter = 2;
    const { uploader, told, last } = run(server);
    await uploader.run();
    expect(told.some(({ phase }) => phase === "offline")).toBe(true);
    expect(server.offsets).toEqual([0, 4, 4, 8, 0, 4]);
    expect(server.kept.get("a/one.nii")).toBe("0123456789");
    expect(last()).toMatchObject({ phase: "done", bytesSent: 16 });
  });

  it("sends only the rest of a file that had arrived in part before a reload", async () => {
    const server = new KeepingServer();
    server.kept.set("a/one.nii", "0123");
    server.kept.set("a/two.nii", "abcdef");
    await run(server).uploader.run();
    expect(server.offsets).toEqual([4, 8]);
    expect(server.kept.get("a/one.nii")).toBe("0123456789");
  });

  it("pauses, and goes on with the same file when told to", async () => {
    const server = new KeepingServer();
    const { uploader, last } = run(server);
    const send = server.send.bind(server);
    server.send = async (...piece) => {
      if (server.offsets.length === 1) uploader.pause();
      return send(...piece);
    };
    await uploader.run();
    expect(last().phase).toBe("paused");
    await uploader.run();
    expect(server.kept.get("a/one.nii")).toBe("0123456789");
    expect(last()).toMatchObject({ phase: "done", filesSent: 3, bytesSent: 16 });
  });

  it("names a refused file with the server's reason and sends the others", async () => {
    const server = new KeepingServer();
    server.refused = "a/one.nii";
    const { uploader, last } = run(server);
    await uploader.run();
    expect(last().refused).toEqual([{ path: "a/one.nii", reason: "This name is not allowed." }]);
    expect(server.kept.get("a/two.nii")).toBe("abcdef");
    expect(last()).toMatchObject({ phase: "done", filesSent: 2, bytesSent: 16 });
  });
});
