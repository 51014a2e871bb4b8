import classes from "./Logo.module.css";

/** The mark: a stroke written on the sky that ends as a plane. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg className={classes.mark} width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M25.5 6.5 7.2 13.2c-.7.26-.7 1.2 0 1.45l6.3 2.25 2.25 6.3c.25.7 1.2.7 1.45 0z" />
      <path d="m13.7 16.8 4.1-4.1" />
      <path d="M6.5 25.5c1.9-.4 3.5-1.5 4.6-3.2" />
    </svg>
  );
}

export function Logo() {
  return (
    <span className={classes.logo}>
      <Mark />
      Skywrite
    </span>
  );
}
