import { Suspense } from 'react';
import { late } from './late';

const MarkdownText = late(() => import('./markdown-text'));

/** What an agent wrote: Markdown, without HTML or images. Until its code is loaded it is shown as it was written. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
      <MarkdownText text={text} />
    </Suspense>
  );
}
