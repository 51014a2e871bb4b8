/** How each kind of condition looks, and how it is offered. */

import {
  IconAddressBook,
  IconAt,
  IconBell,
  IconBolt,
  IconCalendar,
  IconChartPie,
  IconListDetails,
  IconMail,
  IconTag,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Kind } from "./conditions";

interface Look {
  name: string;
  words: string;
  icon: TablerIcon;
  tone: "accent" | "good" | "warn" | "violet" | "idle";
}

export const KIND_LOOK: Record<Kind, Look> = {
  trait: { name: "Trait", words: "What is known of them: plan, city, birthday", icon: IconTag, tone: "accent" },
  event: { name: "Event", words: "What they did, how often, how lately", icon: IconBolt, tone: "warn" },
  email: { name: "Email activity", words: "What became of mail to them", icon: IconMail, tone: "violet" },
  list: { name: "List", words: "On a list, or not", icon: IconListDetails, tone: "good" },
  segment: { name: "Segment", words: "In another segment, or not", icon: IconChartPie, tone: "good" },
  subscription: { name: "Subscription", words: "Whether mail may go to them", icon: IconBell, tone: "violet" },
  moment: { name: "Created, last seen", words: "When they came, or were here last", icon: IconCalendar, tone: "idle" },
  identity: { name: "Identity", words: "Have a user ID or an address", icon: IconAddressBook, tone: "idle" },
  domain: { name: "Email domain", words: "Where their address is", icon: IconAt, tone: "idle" },
};

export const KINDS = Object.keys(KIND_LOOK) as Kind[];
