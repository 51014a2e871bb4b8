/** What a chart is drawn of, and the room around it. */

export type Colour = "accent" | "good" | "warn" | "bad" | "idle" | "violet";

export interface Series {
  name: string;
  colour: Colour;
  values: (number | null)[];
}

export interface Draw {
  times: number[];
  series: Series[];
  plot: { width: number; height: number };
  top: number;
}

export const PAD = { left: 48, right: 4, top: 8, bottom: 24 };
