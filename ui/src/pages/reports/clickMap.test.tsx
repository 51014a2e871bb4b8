import { expect, test } from "vitest";
import { badgeWords, withBadges } from "./clickMap";

test.each([
  [{ link_id: "a", clicks: 3, people: 1 }, 4, "3 · 1 person · 75%"],
  [{ link_id: "a", clicks: 1200, people: 900 }, 1200, "1,200 · 900 people · 100%"],
  [{ link_id: "a", clicks: 0, people: 0 }, 0, "0 · 0 people · 0%"],
])("%j of %i clicks is badged %s", (link, all, words) => expect(badgeWords(link, all)).toBe(words));

test("each counted link has its badge and leads nowhere; others have none", () => {
  const html = '<p><a href="#one">Shop</a> <a href="#two">Blog</a> <a href="mailto:a@example.com">Mail</a></p>';
  const made = new DOMParser().parseFromString(
    withBadges(html, [{ link_id: "one", clicks: 2, people: 2 }]),
    "text/html",
  );
  expect([...made.querySelectorAll("a")].map((link) => link.textContent)).toEqual([
    "Shop2 · 2 people · 100%",
    "Blog0 · 0 people · 0%",
    "Mail",
  ]);
  expect(made.querySelectorAll("a[href]").length).toBe(1);
});
