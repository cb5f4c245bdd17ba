/** Set a new password with the link from the e-mail. */
import { Alert, Anchor, Button, Loader, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { checkResetKey, resetPassword } from "@/api/session";
import { ErrorState } from "@/ui/ErrorState";
import { wordsOf } from "@/ui/words";
import { Card } from "./Card";
import { NewPassword } from "./NewPassword";

/** Check the link, then ask for the new password. */
export function Page() {
  const { key = "" } = useParams();
  const [password, setPassword] = useState("");
  const link = useQuery({ queryKey: ["reset", key], queryFn: () => checkResetKey(key), retry: false });
  const set = useMutation({ mutationFn: () => resetPassword(key, password) });
  return (
    <Card title={set.isSuccess ? "Your password is changed" : "Set a new password"}>
      {link.isPending && <Loader size="sm" aria-label="Checking the link" />}
      {link.error && (
        <ErrorState
          title="The link could not be checked"
          error={link.error}
          onRetry={() => void link.refetch()}
        />
      )}
      {link.data === false && !set.isSuccess && (
        <Stack gap="sm">
          <Text size="sm">This link was used already, or has run out. Ask for a new one.</Text>
          <Button component={Link} to="/password-reset">
            Ask for a new link
          </Button>
        </Stack>
      )}
      {set.isSuccess && (
        <Anchor component={Link} to="/sign-in" size="sm">
          Sign in with the new password
        </Anchor>
      )}
      {link.data && !set.isSuccess && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            set.mutate();
          }}
        >
          <Stack gap="sm">
            <NewPassword value={password} onChange={setPassword} />
            {set.error && (
              <Alert color="red" variant="light" role="alert" p="xs">
                {wordsOf(set.error)}
              </Alert>
            )}
            <Button type="submit" loading={set.isPending}>
              Set the password
            </Button>
          </Stack>
        </form>
      )}
    </Card>
  );
}
