/** An HTTP message with its JSON body, if it has one, indented. Anything else stays as it is. */
export function laidOut(message: string): string {
  const gap = /\r?\n\r?\n/.exec(message);
  const head = gap ? message.slice(0, gap.index) : "";
  const body = gap ? message.slice(gap.index + gap[0].length) : message;
  try {
    const text = JSON.stringify(JSON.parse(body), null, 2);
    return head === "" ? text : `${head}\n\n${text}`;
  } catch {
    return message;
  }
}
