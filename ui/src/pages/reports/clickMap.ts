/** A mail with a badge on each link that was clicked. Pure. */

import { count, plural } from "@/components/format";

export interface LinkClicks {
  link_id: string;
  clicks: number;
  people: number;
}

const BADGE =
  "display:inline-block;margin:0 2px 0 6px;padding:1px 6px;border-radius:9px;vertical-align:middle;color:#fff;" +
  "font:600 11px/16px system-ui,sans-serif;white-space:nowrap;text-decoration:none;letter-spacing:0;" +
  "box-shadow:0 0 0 2px #fff;background:";

/** What a badge says: clicks, people, and the share of all clicks. */
export function badgeWords({ clicks, people }: LinkClicks, all: number): string {
  const share = all === 0 ? 0 : Math.round((100 * clicks) / all);
  return `${count(clicks)} · ${plural(people, "person", "people")} · ${share}%`;
}

/** The HTML of a mail whose counted links lead to `#` and their id, with what is known of each link shown on it. */
export function withBadges(html: string, links: LinkClicks[]): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  const known = new Map(links.map((link) => [link.link_id, link]));
  const all = links.reduce((sum, { clicks }) => sum + clicks, 0);
  for (const anchor of page.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')) {
    const link_id = decodeURIComponent(anchor.getAttribute("href")?.slice(1) ?? "");
    anchor.removeAttribute("href");
    if (link_id === "") continue;
    const link = known.get(link_id) ?? { link_id, clicks: 0, people: 0 };
    anchor.style.outline = `2px solid ${link.clicks > 0 ? "#4f46e5" : "#9aa0ad"}`;
    anchor.style.outlineOffset = "2px";
    const badge = page.createElement("span");
    badge.setAttribute("style", BADGE + (link.clicks > 0 ? "#4f46e5" : "#737a89"));
    badge.textContent = badgeWords(link, all);
    anchor.append(badge);
  }
  return `<!doctype html>${page.documentElement.outerHTML}`;
}
