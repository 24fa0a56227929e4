import type { ReactNode } from "react";

/** A sheet of paper on the page. */
export function Card({ children, className = "" }: { children: ReactNode; className?: string }) {
  return <div className={`rounded-lg border border-line bg-surface shadow-card ${className}`}>{children}</div>;
}

/** The card's footer below a perforation, or beside the card where `beside` and the width allow. */
export function CardStub({
  children,
  beside = false,
  className = "",
}: {
  children: ReactNode;
  beside?: boolean;
  className?: string;
}) {
  return <div className={`stub ${beside ? "stub-beside" : ""} ${className}`}>{children}</div>;
}
