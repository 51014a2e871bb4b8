/** A timeline as a feed: by day, with an icon, a tone and a sentence for each thing that happened. Pure. */

import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBolt,
  IconClick,
  IconEye,
  IconGitMerge,
  IconListDetails,
  IconMail,
  IconMailCheck,
  IconMailForward,
  IconMailOff,
  IconMailOpened,
  IconMailPause,
  IconMailX,
  IconPencil,
  IconRobot,
  IconSpy,
  IconStack2,
  IconUserMinus,
  IconUserPlus,
  IconUsersGroup,
  type TablerIcon,
} from "@tabler/icons-react";
import type { TimelineEntry } from "@/api/types";
import type { Tone } from "@/components/State";

export interface Sight {
  icon: TablerIcon;
  tone: Tone;
  /** What is said of it in the feed; the event's own name where nothing better is known. */
  words: string;
}

const BY_NAME: Record<string, [icon: TablerIcon, tone: Tone, words: string]> = {
  "Email Sent": [IconMailForward, "busy", "Email sent"],
  "Email Delivered": [IconMailCheck, "good", "Email delivered"],
  "Email Opened": [IconMailOpened, "good", "Opened an email"],
  "Email Clicked": [IconClick, "good", "Clicked in an email"],
  "Email Replied": [IconArrowBackUp, "good", "Replied to an email"],
  "Email Bounced": [IconMailX, "bad", "Email bounced"],
  "Email Marked as Spam": [IconAlertTriangle, "bad", "Reported an email as spam"],
  "Email Unsubscribed": [IconMailOff, "warn", "Unsubscribed by an email"],
  "Email Skipped": [IconMailPause, "warn", "Email not sent"],
  "Email Deferred": [IconMailPause, "warn", "Email put off, to be tried again"],
  "Email Rejected": [IconMailX, "bad", "Email rejected"],
  "Email Autoresponded": [IconRobot, "idle", "Answered automatically"],
  "Email Unknown": [IconMailX, "warn", "Email: nobody can tell whether it went out"],
  "Added to List": [IconListDetails, "busy", "Added to a list"],
  "Removed from List": [IconListDetails, "idle", "Removed from a list"],
  "Entered Segment": [IconStack2, "busy", "Entered a segment"],
  "Left Segment": [IconStack2, "idle", "Left a segment"],
  Created: [IconUserPlus, "good", "Became a contact"],
  Imported: [IconPencil, "idle", "Changed by an import"],
  Changed: [IconPencil, "idle", "Changed by hand"],
  Merged: [IconGitMerge, "busy", "Merged with another contact"],
  "Identity Conflict": [IconSpy, "warn", "Identity conflict"],
  "Address Change Refused": [IconSpy, "warn", "Change of address refused: anybody can read the source's write key"],
  Unsubscribed: [IconUserMinus, "warn", "Unsubscribed"],
  Resubscribed: [IconUserPlus, "good", "Subscribed again"],
};

/** How an entry looks in the feed. A customer's own event may have any name, so only our kinds are looked up by name. */
export function sightOf({ kind, name, is_machine }: TimelineEntry): Sight {
  if (kind === "page") return { icon: IconEye, tone: "idle", words: name ? `Viewed ${name}` : "Viewed a page" };
  if (kind === "screen") return { icon: IconEye, tone: "idle", words: name ? `Viewed ${name}` : "Viewed a screen" };
  if (kind === "group") return { icon: IconUsersGroup, tone: "idle", words: `Joined the group ${name}` };
  if (kind === "track") return { icon: IconBolt, tone: "busy", words: name };
  if (is_machine) return { icon: IconRobot, tone: "idle", words: `${BY_NAME[name]?.[2] ?? name}, by a machine` };
  const known = BY_NAME[name];
  return known ? { icon: known[0], tone: known[1], words: known[2] } : { icon: IconMail, tone: "idle", words: name };
}

export interface Day {
  name: string;
  entries: TimelineEntry[];
}

const dayFormat = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const keyOf = (moment: Date): string => `${moment.getFullYear()}-${moment.getMonth()}-${moment.getDate()}`;

/** The entries by the viewer's days, in the order in which they come; the present day and the one before by their names. */
export function byDay(entries: TimelineEntry[], now: number): Day[] {
  const today = keyOf(new Date(now));
  const yesterday = keyOf(new Date(now - 86_400_000));
  const days: (Day & { key: string })[] = [];
  for (const entry of entries) {
    const moment = new Date(entry.at);
    const key = keyOf(moment);
    const last = days.at(-1);
    if (last?.key === key) last.entries.push(entry);
    else {
      const name = key === today ? "Today" : key === yesterday ? "Yesterday" : dayFormat.format(moment);
      days.push({ key, name, entries: [entry] });
    }
  }
  return days;
}

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
export const timeOf = (at: string): string => timeFormat.format(new Date(at));

/** What a feed may be narrowed to. */
export const FEEDS: { value: string; label: string; kinds: string[] }[] = [
  { value: "all", label: "All", kinds: [] },
  { value: "email", label: "Email", kinds: ["email"] },
  { value: "events", label: "Events", kinds: ["track", "page", "screen", "group"] },
  { value: "sets", label: "Lists & segments", kinds: ["list", "segment"] },
  { value: "contact", label: "Changes", kinds: ["contact"] },
];
