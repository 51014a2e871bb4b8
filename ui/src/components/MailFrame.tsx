import classes from "./MailFrame.module.css";

interface Mail {
  html: string;
  text?: string;
  title?: string;
}

/** A mail in a frame that can run nothing and reach nothing of this page; its text where it has no HTML. */
export function MailFrame({ html, text = "", title = "The mail" }: Mail) {
  if (html === "") return <pre className={classes.text}>{text}</pre>;
  return <iframe className={classes.frame} title={title} sandbox="" srcDoc={html} referrerPolicy="no-referrer" />;
}
