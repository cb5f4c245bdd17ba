/** What a table shows, kept in the address: sorting, search, page. Two tables of one page use two prefixes. */
import { useSearchParams } from "react-router";

/** A table's place in the address. */
export interface TableState {
  /** A column's key, with "-" in front for downwards; "" for the order as it came. */
  readonly sort: string;
  readonly search: string;
  /** Counted from 1. */
  readonly page: number;
  set(change: { readonly sort?: string; readonly search?: string; readonly page?: number }): void;
}

/** Read and change the state under a prefix. Another sorting or search goes back to the first page. */
export function useTableState(prefix = ""): TableState {
  const [params, setParams] = useSearchParams();
  const name = (key: string) => (prefix ? `${prefix}-${key}` : key);
  return {
    sort: params.get(name("sort")) ?? "",
    search: params.get(name("search")) ?? "",
    page: Math.max(1, Number.parseInt(params.get(name("page")) ?? "1", 10) || 1),
    set(change) {
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (change.page === undefined) after.delete(name("page"));
          for (const [key, value] of Object.entries(change)) {
            if (value === "" || (key === "page" && value === 1)) after.delete(name(key));
            else after.set(name(key), String(value));
          }
          return after;
        },
        { replace: true },
      );
    },
  };
}
