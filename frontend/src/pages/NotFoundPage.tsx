/** What a wrong address shows. */
import { Anchor, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { useTitle } from "@/app/title";

/** Say that nothing is here and where to go. */
export function Page() {
  useTitle("Not found");
  return (
    <Stack p="xl" maw={560}>
      <Title order={2}>There is nothing at this address</Title>
      <Text>The link may be old, or this may not be open to you.</Text>
      <Anchor component={Link} to="/">
        Go home
      </Anchor>
    </Stack>
  );
}
