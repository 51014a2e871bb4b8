/** What an address's search may hold: anything, so each value is looked at. */

export const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

export const whole = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) ? (value as number) : undefined;
