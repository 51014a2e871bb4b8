/** What an event is called: a track by its event, all others by their type. */

const TITLES: Record<string, string> = {
  identify: "Identify",
  group: "Group",
  page: "Page Viewed",
  screen: "Screen Viewed",
  alias: "Alias",
};

export const eventTitle = ({ type, event }: { type: string; event: string }): string =>
  event !== "" && event !== "-" ? event : (TITLES[type] ?? type);
