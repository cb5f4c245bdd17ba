/** Comments as values, and "cannot be assessed" in place of all answers. */
import { expect, test } from "vitest";
import { NOT_ASSESSED } from "@/api/assignment";
import { changed, joined, MOST_COMMENTS, withComment, without } from "@/workbench/comments";
import { missing, reasonNotAssessed } from "@/workbench/rubric";
import { RUBRIC } from "./server";

const ONE = { id: "1", voxel: [1, 2, 3], text: "Here." } as const;
const TWO = { id: "2", voxel: [4, 5, 6], text: "And here." } as const;

test("a comment is added, changed and removed; a blank one is none", () => {
  const both = withComment(withComment([], ONE), { ...TWO, text: "  And here. " });
  expect(both).toEqual([ONE, TWO]);
  expect(withComment(both, { ...ONE, id: "3", text: "  " })).toBe(both);
  expect(changed(both, "1", "There.")[0]?.text).toBe("There.");
  expect(changed(both, "1", " ")).toEqual([TWO]);
  expect(without(both, "2")).toEqual([ONE]);
});

test("there are never more than the server takes", () => {
  const full = Array.from({ length: MOST_COMMENTS }, (_, n) => ({ ...ONE, id: String(n) }));
  expect(withComment(full, TWO)).toBe(full);
});

test("comments of another version come back once, with ids of their own", () => {
  const other = [
    { ...ONE, id: "9" },
    { ...TWO, id: "1" },
    { ...TWO, id: "", text: "Third." },
  ];
  const all = joined([ONE], other);
  expect(all.map(({ text }) => text)).toEqual(["Here.", "And here.", "Third."]);
  expect(new Set(all.map(({ id }) => id)).size).toBe(3);
});

test("a mask that cannot be assessed leaves no question open", () => {
  const answers = { [NOT_ASSESSED]: "Motion." };
  expect(missing(RUBRIC, {}, ["T1c"]).length).toBeGreaterThan(0);
  expect(missing(RUBRIC, answers, ["T1c"])).toEqual([]);
  expect(reasonNotAssessed(answers)).toBe("Motion.");
  expect(reasonNotAssessed({ quality: "4" })).toBeNull();
});
