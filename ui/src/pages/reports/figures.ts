/** The figures of a report as a person reads them. Pure. */

import type { Report } from "@/api/types";
import { compact, rateWords } from "@/components/format";

export interface Figure {
  what: string;
  name: string;
  value: number;
  note: string;
  tone?: "bad" | "warn";
}

interface Kind {
  what: string;
  name: string;
  /** The rate that stands under it, and what it is a share of. */
  rate?: [name: string, of: string];
  /** Shown only where there are any. */
  isRare?: boolean;
  tone?: "bad" | "warn";
}

const DELIVERED = "of delivered";
const TRIED = "of those tried"; // attempted, less not sent
const KINDS: Kind[] = [
  { what: "attempted", name: "Attempted" },
  { what: "sent", name: "Sent" },
  { what: "delivered", name: "Delivered", rate: ["delivery", TRIED] },
  { what: "opened", name: "Opened by people", rate: ["open", DELIVERED] },
  { what: "machine_opened", name: "Opened by machines" },
  { what: "clicked", name: "Clicked", rate: ["click", DELIVERED] },
  { what: "replied", name: "Replied", rate: ["reply", DELIVERED] },
  { what: "bounced", name: "Bounced", rate: ["bounce", TRIED], tone: "bad" },
  { what: "unsubscribed", name: "Unsubscribed", rate: ["unsubscribe", DELIVERED] },
  { what: "complained", name: "Marked as spam", rate: ["complaint", DELIVERED], tone: "bad" },
  { what: "rejected", name: "Not sent" },
  { what: "waiting", name: "Under way" },
  { what: "unknown", name: "In doubt", isRare: true, tone: "warn" },
];

export const nameOf = (what: string): string => KINDS.find((kind) => kind.what === what)?.name ?? what;

/** The figures in the order of a mail's life, each with what is said under it. */
export function figuresOf({ figures, rates }: Pick<Report, "figures" | "rates">): Figure[] {
  const of = (what: string) => figures[what] ?? 0;
  return KINDS.filter(({ what, isRare }) => !isRare || of(what) > 0).map(({ what, name, rate, tone }) => {
    const share = rate && of(what) > 0 ? shareWords(rates[rate[0]], rate[1]) : "";
    return { what, name, value: of(what), note: noteOf(what, share, of), tone: of(what) > 0 ? tone : undefined };
  });
}

const shareWords = (rate: number | null | undefined, of: string): string =>
  rate == null ? "" : `${rateWords(rate)} ${of}`;

function noteOf(what: string, share: string, of: (what: string) => number): string {
  if (what === "bounced" && of("bounced_later") > 0) return `${share}, ${compact(of("bounced_later"))} after delivery`;
  if (what === "waiting" && of("deferred") > 0) return `${compact(of("deferred"))} put off`;
  if (what === "delivered" && share === "" && of("sent") > 0) return "no notice of it yet";
  return share;
}
