/** The keyboard shortcuts of all pages; silent while somebody types. */

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { type Press, wishOf } from "./sequence";

export function useKeys(): void {
  const navigate = useNavigate();
  const before = useRef<Press | null>(null);
  useEffect(() => {
    function pressed(event: KeyboardEvent): void {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isModal()) return;
      const now = { key: event.key, at: event.timeStamp };
      const wish = wishOf(before.current, now);
      before.current = now;
      if (wish === null) return;
      event.preventDefault();
      if ("go" in wish) void navigate({ to: wish.go });
      else document.querySelector<HTMLInputElement>("input[data-search]")?.focus();
    }
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [navigate]);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

const isModal = (): boolean => document.querySelector("[role=dialog]") !== null;
