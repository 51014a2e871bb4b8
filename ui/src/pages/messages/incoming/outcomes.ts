/** What an incoming mail may be, in words. */

import type { IncomingMail, Outcome } from "@/api/incoming";
import type { Tone } from "@/components/State";

interface Meaning {
  words: string;
  tone: Tone;
  /** What it means for the message and the recipient. */
  means: string;
}

export const OUTCOMES: Record<Outcome, Meaning> = {
  bounce: { words: "Bounce", tone: "bad", means: "The mail could not be delivered." },
  delayed: { words: "Delay", tone: "warn", means: "A server goes on trying; nothing is final." },
  delivered: { words: "Delivery notice", tone: "good", means: "The receiving server says that it was delivered." },
  relayed: {
    words: "Passed on",
    tone: "idle",
    means: "The next server sends no notices: this is the last that is known.",
  },
  complaint: { words: "Complaint", tone: "bad", means: "Marked as spam. No more mail goes to this address." },
  not_spam: { words: "Not spam", tone: "good", means: "The recipient says that the mail is no spam." },
  unsubscribe: { words: "Unsubscribe", tone: "warn", means: "No more marketing goes to this address." },
  auto_reply: { words: "Automatic reply", tone: "idle", means: "A program answered: it counts as no reply." },
  reply: { words: "Reply", tone: "good", means: "A person answered." },
  receipt: { words: "Read receipt", tone: "idle", means: "The recipient's program says that the mail was opened." },
  unmatched: {
    words: "Unmatched",
    tone: "warn",
    means: "Nothing in it proves which message it is about, so nothing was changed.",
  },
  capped: {
    words: "Held back",
    tone: "bad",
    means: "This host reported so many addresses in a minute that the rest were not suppressed. Have a look first.",
  },
  failed: { words: "Unreadable", tone: "bad", means: "It could not be read; its reason is below." },
  unknown: { words: "Unknown message", tone: "idle", means: "The message that it is about is gone." },
};

/** The filters, in the order in which an operator looks. */
export const FILTERS: Outcome[] = [
  "unmatched",
  "capped",
  "bounce",
  "complaint",
  "reply",
  "auto_reply",
  "unsubscribe",
  "delayed",
];

/** The line under a mail's subject: a server's or a person's words, else why. */
export const saidIn = (mail: IncomingMail): string => mail.said || noteWords(mail.note);

/** What a mail was known by, in words; "" where it says no more than what it was found to be. */
export const noteWords = (note: string): string => NOTES[note] ?? (note.includes(" ") ? note : "");

const NOTES: Record<string, string> = {
  "auto-submitted": "It says so itself, in its header Auto-Submitted",
  abuse: "Its reader marked a mail as spam",
  address: "It was sent to a mail's unsubscribe address",
};
