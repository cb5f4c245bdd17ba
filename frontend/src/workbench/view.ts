/** What is looked at: sequence, position, windows, and where the pointer is. */
import type { Vec3 } from "@/labels";
import type { Plane, Window } from "@/viewer";

/** The state of the picture that is not a setting of the person. */
export interface ViewState {
  /** The sequence in use: that of the pane that was used last. */
  readonly sequence: string;
  /** The sequence of each pane on screen. */
  readonly sequences: readonly string[];
  /** The pane that was used last. */
  readonly pane: number;
  /** The voxel under the cross. */
  readonly position: Vec3;
  /** The plane that keys act on: the only one on screen, or the one under the pointer last. */
  readonly plane: Plane;
  readonly windows: Readonly<Record<string, Window>>;
  /** The intensity range of the threshold brush, per sequence. */
  readonly thresholds: Readonly<Record<string, Window>>;
  readonly maskShown: boolean;
  /** `erases` while the key is held that makes tools erase. */
  readonly pointer: { readonly plane: Plane; readonly position: Vec3; readonly erases: boolean } | null;
}
