/** Make a draft study. */
import { Anchor, Box } from "@mantine/core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useCreateStudy } from "@/api/studies";
import { PageHeader } from "@/ui/PageHeader";
import { Panel } from "@/ui/Panel";
import { fieldsOf, StudyForm } from "./StudyForm";

/** Ask what the study is, make it, and go on to its cases. */
export function Page() {
  const navigate = useNavigate();
  const create = useCreateStudy();
  const [start] = useState(() => fieldsOf(null));
  return (
    <Box maw={860} mx="auto">
      <PageHeader
        title="New study"
        summary="It begins as a draft: nothing is asked of anybody before you start it, and all of this can be changed until then."
      />
      <Panel title="The study">
        <StudyForm
          start={start}
          submit="Make the draft"
          saving={create.isPending}
          error={create.error}
          onSubmit={(fields) =>
            create.mutate(fields, { onSuccess: ({ id }) => void navigate(`/studies/${id}/cases`) })
          }
          beside={
            <Anchor component={Link} to="/studies" size="sm">
              Cancel
            </Anchor>
          }
        />
      </Panel>
    </Box>
  );
}
