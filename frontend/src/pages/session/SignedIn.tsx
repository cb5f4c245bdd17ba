/** The door of all pages that need a sign-in. A sign-in that runs out leaves the page as it is. */
import { Center, Loader, Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import type { Person } from "@/api/session";
import { useSession } from "@/app/session";
import { ErrorState } from "@/ui/ErrorState";
import { onForgotten } from "@/workbench/forget";
import { SignInForm } from "./SignInForm";

/** Show the page to whoever is signed in; send everybody else to the sign-in and back. */
export function SignedIn() {
  const { person, loading, error, refresh } = useSession();
  const { pathname, search, hash } = useLocation();
  const last = useRef<Person | null>(null);
  const [left, setLeft] = useState(false);
  useEffect(() => onForgotten(() => setLeft(true)), []);
  if (person) last.current = person;
  if (loading) {
    return (
      <Center mih={240}>
        <Loader aria-label="Loading" />
      </Center>
    );
  }
  if (!person && error) {
    return <ErrorState title="The server does not answer" error={error} onRetry={() => void refresh()} />;
  }
  if (!person && (left || !last.current)) {
    const next = encodeURIComponent(`${pathname}${search}${hash}`);
    return <Navigate to={left || pathname === "/" ? "/sign-in" : `/sign-in?next=${next}`} replace />;
  }
  return (
    <>
      <Outlet />
      <SignInAgain email={last.current?.email ?? ""} />
    </>
  );
}

function SignInAgain({ email }: { email: string }) {
  const { person, expired, refresh } = useSession();
  const queries = useQueryClient();
  return (
    <Modal
      opened={!person || expired}
      onClose={() => void refresh()}
      title="Your sign-in has run out"
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <Text size="sm" mb="sm">
        This page stays as it is. Sign in to go on.
      </Text>
      <SignInForm
        email={email}
        onSignedIn={async () => {
          await refresh();
          await queries.invalidateQueries();
        }}
      />
    </Modal>
  );
}
