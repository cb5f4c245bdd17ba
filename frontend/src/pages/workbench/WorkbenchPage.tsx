/** The workbench at its address. */
import { useParams } from "react-router";
import { useTitle } from "@/app/title";

/** Open the assignment named in the address. */
export function Page() {
  const { assignmentId } = useParams();
  useTitle("Workbench");
  return <main>{assignmentId}</main>;
}
