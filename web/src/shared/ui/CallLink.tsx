import type { ReactNode } from "react";

/** A telephone number that is called with one tap. */
export function CallLink({ number, className, children }: { number: string; className?: string; children: ReactNode }) {
  return (
    <a dir="auto" className={className} href={`tel:${number.replace(/[^+\d]/g, "")}`}>
      {children}
    </a>
  );
}
