/** Sign in, and go back to where one was. */
import { Alert } from "@mantine/core";
import { Navigate, useLocation } from "react-router";
import { useSession } from "@/app/session";
import { ErrorState } from "@/ui/ErrorState";
import { Card } from "./Card";
import { nextAddress } from "./next";
import { SignInForm } from "./SignInForm";

/** The sign-in; whoever is signed in already goes straight on. */
export function Page() {
  const { search } = useLocation();
  const { person, loading, error, refresh } = useSession();
  if (person) return <Navigate to={nextAddress(search)} replace />;
  const sentHere = new URLSearchParams(search).has("next");
  return (
    <Card title="Sign in">
      {error && !loading && (
        <ErrorState title="The server does not answer" error={error} onRetry={() => void refresh()} />
      )}
      {sentHere && !error && (
        <Alert variant="light" role="status" p="xs" mb="sm">
          Sign in to go on where you were.
        </Alert>
      )}
      <SignInForm onSignedIn={refresh} />
    </Card>
  );
}
