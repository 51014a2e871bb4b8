/** How many of a whole, as a person reads it. Pure. */

/** "42.5 %"; a dash where there is no whole yet. */
export function rateOf(part: number, whole: number): string {
  if (whole === 0) return "–";
  const percent = (100 * part) / whole;
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : percent.toFixed(1)} %`;
}
