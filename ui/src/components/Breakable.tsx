/** A text that breaks after its @, where it must, before it breaks anywhere else: an address stays readable. */
export function Breakable({ text }: { text: string }) {
  const after = text.lastIndexOf("@") + 1;
  if (after === 0) return text;
  return (
    <>
      {text.slice(0, after)}
      <wbr />
      {text.slice(after)}
    </>
  );
}
