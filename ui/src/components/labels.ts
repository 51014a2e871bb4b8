/** Labels as people write them, `env:prod`, and as the API has them. Pure. */

export type Labels = Record<string, string>;

const LABEL = /^\p{L}[\p{L}\p{N}-]*:\p{L}[\p{L}\p{N}-]*$/u;

export const isLabel = (text: string): boolean => LABEL.test(text);

export const labelTexts = (labels: Labels): string[] =>
  Object.entries(labels)
    .map(([key, value]) => `${key}:${value}`)
    .sort();

/** The labels of texts; of two with one key the later stands, as a source has one value per key. */
export function labelsOf(texts: string[]): Labels {
  return Object.fromEntries(texts.filter(isLabel).map((text) => text.split(":", 2) as [string, string]));
}
