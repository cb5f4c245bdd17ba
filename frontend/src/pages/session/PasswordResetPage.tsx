/** Ask for the e-mail with which one sets a new password. */
import { Alert, Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { requestPasswordReset } from "@/api/session";
import { wordsOf } from "@/ui/words";
import { Card } from "./Card";

/** The answer is the same for every address, so that nobody learns who has an account. */
export function Page() {
  const [email, setEmail] = useState("");
  const ask = useMutation({ mutationFn: () => requestPasswordReset(email.trim()) });
  if (ask.isSuccess) {
    return (
      <Card title="Look into your e-mail">
        <Stack gap="sm">
          <Text size="sm">
            If {email} has an account here, a link to set a new password is on its way. It works for a short
            time.
          </Text>
          <Text size="sm" c="dimmed">
            Nothing came? Look among the unwanted mail, or ask your administrator: not every installation
            sends e-mail.
          </Text>
          <Anchor component={Link} to="/sign-in" size="sm">
            Back to the sign-in
          </Anchor>
        </Stack>
      </Card>
    );
  }
  return (
    <Card title="Set a new password">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            Type the e-mail address of your account. You get a link to set a new password.
          </Text>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          {ask.error && (
            <Alert color="red" variant="light" role="alert" p="xs">
              {wordsOf(ask.error)}
            </Alert>
          )}
          <Button type="submit" loading={ask.isPending}>
            Send the link
          </Button>
          <Anchor component={Link} to="/sign-in" size="sm" ta="center">
            Back to the sign-in
          </Anchor>
        </Stack>
      </form>
    </Card>
  );
}
