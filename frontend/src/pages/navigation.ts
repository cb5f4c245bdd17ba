/** The header's entries: which page, and who is offered it. The server decides who may; this only hides dead ends. */
import type { Person } from "@/api/session";

/** One entry of the header. */
export interface NavigationEntry {
  readonly to: string;
  readonly label: string;
  readonly visibleTo: (person: Person) => boolean;
}

const mayLead = (person: Person) => person.may_lead === true || person.is_administrator;

/** The entries, in order. */
export const navigation: readonly NavigationEntry[] = [
  { to: "/", label: "Home", visibleTo: () => true },
  { to: "/studies", label: "Studies", visibleTo: () => true },
  { to: "/cases", label: "Cases", visibleTo: mayLead },
  { to: "/import", label: "Import", visibleTo: mayLead },
  { to: "/models", label: "Models", visibleTo: mayLead },
  { to: "/jobs", label: "Jobs", visibleTo: () => true },
  { to: "/admin", label: "Administration", visibleTo: (person) => person.is_administrator },
];
