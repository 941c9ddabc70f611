/** How a text with braces reads once these are filled in. */
export function Reading({ text }: { text: string }) {
  return (
    <div className="rounded-control bg-sunken p-3">
      <p className="text-sm text-muted">It then reads</p>
      <p className="break-words whitespace-pre-wrap">{text}</p>
    </div>
  );
}
