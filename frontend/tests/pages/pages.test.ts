import { describe, expect, it } from "vitest";
import type { Segmentation } from "@/api/cases";
import type { Row } from "@/api/imports";
import { makeGrid } from "@/labels";
import { queryOf } from "@/pages/cases/filters";
import { middleOf } from "@/pages/cases/shown";
import { branches } from "@/pages/cases/tree";
import { review } from "@/pages/import/review";
import { nextAddress } from "@/pages/session/next";

describe("where one goes after signing in", () => {
  const origin = "https://overread.example";
  it.each([
    ["?next=%2Fcases%3Fsearch%3Da%23b", "/cases?search=a#b"],
    ["", "/"],
    ["?next=https%3A%2F%2Fevil.example%2F", "/"],
    ["?next=%2F%2Fevil.example", "/"],
    ["?next=%2F%5Cevil.example", "/"],
    ["?next=%2F.%2F%2Fevil.example", "/"],
    ["?next=javascript%3Aalert(1)", "/"],
    ["?next=%2Fsign-in%3Fnext%3D%2Fsign-in", "/"],
  ])("%s leads to %s", (search, address) => expect(nextAddress(search, origin)).toBe(address));
});

describe("the preview's review", () => {
  const row = (fields: Partial<Row>) =>
    ({
      patient: "P1",
      time_point: "pre_op",
      follow_up_number: 0,
      role: "image",
      include: true,
      problem: "",
      ...fields,
    }) as Row;

  it("counts cases, images and masks of the included rows only", () => {
    const rows = [
      row({}),
      row({ role: "mask" }),
      row({ patient: "P2" }),
      row({ patient: "P3", include: false }),
    ];
    expect(review(rows)).toMatchObject({ cases: 2, images: 2, masks: 1, problems: 0, hindrance: "" });
  });

  it("hinders storing while an included row has a problem, and not when it is left out", () => {
    expect(review([row({}), row({ problem: "bad" })]).hindrance).toContain("1 included row has a problem");
    expect(review([row({}), row({ problem: "bad", include: false })]).hindrance).toBe("");
    expect(review([row({ include: false })]).hindrance).toContain("nothing to store");
  });
});

describe("the tree of segmentations", () => {
  const of = (id: number, parent: number | null) => ({ id, parent }) as Segmentation;

  it("puts corrections below their parents, and one with a hidden parent at the root", () => {
    const tree = branches([of(5, 2), of(3, 1), of(2, 1), of(1, null), of(9, 77)]);
    expect(tree.map(({ segmentation: { id }, depth }) => [id, depth])).toEqual([
      [1, 0],
      [2, 1],
      [5, 2],
      [3, 1],
      [9, 0],
    ]);
  });
});

describe("the filters of cases", () => {
  it("passes known filters, order and page to the server and drops unknown ones", () => {
    const params = new URLSearchParams("search=a&synthetic=false&sort=-patient&page=3&evil=1");
    expect(queryOf(params, 50)).toEqual({
      page_size: 50,
      search: "a",
      synthetic: false,
      ordering: ["-patient"],
      page: 3,
    });
    expect(queryOf(new URLSearchParams("sort=grade&page=x"), 50)).toEqual({ page_size: 50 });
  });
});

describe("where the viewer goes for a segmentation", () => {
  const grid = makeGrid(
    [4, 3, 2],
    [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ],
  );

  it("is the middle of the axial slice with most labelled voxels", () => {
    const labels = new Uint8Array(24);
    labels[0] = 1;
    labels[12 + 4 + 1] = 2;
    labels[12 + 4 + 3] = 1;
    expect(middleOf(labels, grid)).toEqual([2, 1, 1]);
  });

  it("is nowhere when nothing is labelled", () => expect(middleOf(new Uint8Array(24), grid)).toBeNull());
});
