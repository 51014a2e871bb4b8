import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Mark } from "@/components/Logo";
import classes from "./SessionFrame.module.css";

interface SessionFrameProps {
  title: string;
  lead: ReactNode;
  children: ReactNode;
}

/** The quiet page around signing in. */
export function SessionFrame({ title, lead, children }: SessionFrameProps) {
  useDocumentTitle(`${title} · Skywrite`);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Mark size={40} />
        <h1 className={classes.title}>{title}</h1>
        <p className={classes.lead}>{lead}</p>
        {children}
      </div>
    </main>
  );
}
