import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { TemplateProblem } from "@/api/types";
import { placeOf } from "./draft";
import classes from "./Editor.module.css";

interface ProblemsProps {
  problems: TemplateProblem[];
  onShow: (problem: TemplateProblem) => void;
}

/** What is wrong, errors first; each leads to its place. */
export function Problems({ problems, onShow }: ProblemsProps) {
  if (problems.length === 0) {
    return (
      <p className={classes.allWell}>
        <IconCircleCheck size={16} aria-hidden="true" />
        Nothing is wrong with it.
      </p>
    );
  }
  return (
    <ul className={classes.problems}>
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.field} ${problem.line} ${problem.message}`}>
          <button type="button" className={classes.problem} onClick={() => onShow(problem)}>
            {problem.level === "error" ? (
              <IconCircleX size={16} className={classes.bad} aria-label="Error" />
            ) : (
              <IconAlertTriangle size={16} className={classes.warn} aria-label="Warning" />
            )}
            <span className={classes.message}>{problem.message}</span>
            <span className={classes.place}>{placeOf(problem)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
