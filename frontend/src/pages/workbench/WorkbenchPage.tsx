/** The workbench at its address. */
import { Center, Loader } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Navigate, useLocation, useParams } from "react-router";
import type { Person } from "@/api/session";
import { useSession } from "@/app/session";
import { useTitle } from "@/app/title";
import { onForgotten } from "@/workbench/forget";
import { Workbench } from "@/workbench/Workbench";

/** Open the assignment named in the address, for the person signed in. */
export function Page() {
  const { assignmentId = "" } = useParams();
  const { pathname } = useLocation();
  const { loading, refresh } = useSession();
  const person = useWorker();
  const [title, setTitle] = useState("Workbench");
  useTitle(title);
  if (loading) {
    return (
      <Center h="100vh">
        <Loader aria-label="Loading" />
      </Center>
    );
  }
  if (!person) return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname)}`} replace />;
  return (
    <Workbench
      key={`${assignmentId} ${person.id}`}
      assignmentId={assignmentId}
      person={{ id: String(person.id), email: person.email }}
      onSignedIn={refresh}
      onTitle={setTitle}
    />
  );
}

/** The person who works here. A sign-in that runs out does not take the case off the screen; signing out does. */
function useWorker(): Person | null {
  const { person } = useSession();
  const last = useRef<Person | null>(null);
  const [left, setLeft] = useState(false);
  useEffect(() => onForgotten(() => setLeft(true)), []);
  if (person) last.current = person;
  return left && !person ? null : last.current;
}
