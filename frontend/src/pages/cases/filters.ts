/** The filters of the list of cases, in the address. */
import type { CaseQuery } from "@/api/cases";

/** The filters that are kept in the address, by their names there and at the server. */
export const FILTERS = ["search", "centre", "sequence", "time_point", "tumour_type", "synthetic"] as const;

/** One of them. */
export type FilterName = (typeof FILTERS)[number];

const ORDERS: ReadonlySet<string> = new Set([
  "patient",
  "-patient",
  "centre",
  "-centre",
  "created_at",
  "-created_at",
]);

/** Return the server's query for an address; unknown values are the server's to refuse, unknown orders are dropped. */
export function queryOf(params: URLSearchParams, pageSize: number): CaseQuery {
  const query: Record<string, unknown> = { page_size: pageSize };
  for (const name of FILTERS) {
    const value = params.get(name);
    if (value) query[name] = name === "synthetic" ? value === "true" : value;
  }
  const sort = params.get("sort") ?? "";
  if (ORDERS.has(sort)) query.ordering = [sort];
  const page = Number.parseInt(params.get("page") ?? "1", 10);
  if (page > 1) query.page = page;
  return query as CaseQuery;
}
