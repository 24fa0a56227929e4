import type { ReactNode } from "react";
import { Alert } from "~/components/ui/alert";

interface Props {
  /** Whether a toast tells of the change. */
  isTold: boolean;
  /** Where the change was taken back since; null: it was not. */
  undoneBy: "toast" | "page" | null;
  undone: string;
  /** What was saved. */
  children: ReactNode;
}

/** What a page says of a change that it has saved, or of its being taken back: read out where no toast tells the same. */
export function SavedAlert({ isTold, undoneBy, undone, children }: Props) {
  return (
    <Alert tone="good" isInToast={undoneBy === null ? isTold : undoneBy === "toast"}>
      {undoneBy === null ? children : undone}
    </Alert>
  );
}
