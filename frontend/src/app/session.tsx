/** Who is signed in, for every page: one query, renewed when any request finds the sign-in expired. */
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { onSessionExpired } from "@/api/client";
import { type Person, readPerson, signOut } from "@/api/session";

export const SESSION_KEY = ["session"] as const;

/** What a page may know and do about the sign-in. */
export interface Session {
  readonly person: Person | null;
  readonly loading: boolean;
  readonly error: Error | null;
  /** True after a request was refused because the sign-in ran out; the page stays as it is. */
  readonly expired: boolean;
  /** Read again who is signed in, for instance after a sign-in in another tab. */
  refresh(): Promise<void>;
  /**
   * End the session on the server, then forget everything of it in this browser. Raises the server's error when it could
   * not be ended: the person is still signed in then, and nothing is removed.
   */
  leave(): Promise<void>;
}

const SessionContext = createContext<Session | null>(null);

/**
 * Give the pages below the session. `beforeLeaving` clears what this browser kept for the person; `onLeftElsewhere`
 * tells that the person signed out in another window.
 */
export function SessionProvider({
  children,
  beforeLeaving,
  onLeftElsewhere,
}: {
  children: ReactNode;
  beforeLeaving: (person: Person) => Promise<void>;
  onLeftElsewhere: (listener: () => void) => () => void;
}) {
  const queries = useQueryClient();
  const [expired, setExpired] = useState(false);
  const query = useQuery({ queryKey: SESSION_KEY, queryFn: readPerson, staleTime: 60_000, retry: 1 });
  useEffect(() => onSessionExpired(() => setExpired(true)), []);
  // The next person at a shared computer must not find the case of the last one in a window that was left open.
  useEffect(() => onLeftElsewhere(() => forget(queries)), [onLeftElsewhere, queries]);

  const session = useMemo<Session>(() => {
    const person = query.data ?? null;
    return {
      person,
      loading: query.isPending,
      error: query.error,
      expired,
      async refresh() {
        const { data } = await query.refetch();
        if (data) setExpired(false);
      },
      async leave() {
        await signOut();
        // Whoever wants to leave a shared computer must be able to, also where its browser refuses its store.
        if (person) await beforeLeaving(person).catch(() => undefined);
        setExpired(false);
        forget(queries);
      },
    };
  }, [query, expired, queries, beforeLeaving]);
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

/** Forget everything that was read under the sign-in, and that somebody was signed in. */
function forget(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
  queries.setQueryData(SESSION_KEY, null);
}

/** Return the session. Raises when used outside the application's shell. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionProvider above it.");
  return session;
}
