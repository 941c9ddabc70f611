import { Suspense } from 'react';
import { Boundary } from './boundary';
import { soon } from './late';
import { plainText } from './plain-text';

const MarkdownText = soon(() => import('./markdown-text'));

/** What an agent wrote: Markdown, without HTML or images. While the code for it is not there, its words are. */
export function Markdown({ text }: { text: string }) {
  return (
    <Boundary fallback={() => <Words text={text} />}>
      <Suspense fallback={<Words text={text} isBusy />}>
        <MarkdownText text={text} />
      </Suspense>
    </Boundary>
  );
}

/** About as high as the Markdown will be. */
function Words({ text, isBusy = false }: { text: string; isBusy?: boolean }) {
  const paragraphs = plainText(text).split(/\n{2,}/);
  return (
    <div aria-busy={isBusy} className="grid gap-2 [overflow-wrap:anywhere]">
      {paragraphs.map((paragraph, at) => (
        <p key={at} className="whitespace-pre-wrap">
          {paragraph}
        </p>
      ))}
    </div>
  );
}
