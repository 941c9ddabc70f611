import MarkdownToJsx, { RuleType } from 'markdown-to-jsx/react';
import type { MarkdownToJSX } from 'markdown-to-jsx/react';
import type { ComponentProps } from 'react';
import { Link } from 'react-router';

/** What {@link Markdown} loads. HTML stays text, images become their words, links lead to the web, mail or this client. */
export default function MarkdownText({ text }: { text: string }) {
  return (
    <div className="grid gap-2 [overflow-wrap:anywhere]">
      <MarkdownToJsx options={options}>{text}</MarkdownToJsx>
    </div>
  );
}

const options: MarkdownToJSX.Options = {
  disableParsingRawHTML: true,
  forceBlock: true,
  wrapper: null,
  sanitizer: (url) => (isSafe(url) ? url : null),
  renderRule: (next, node) => (node.type === RuleType.image ? (node.alt ?? '') : next()),
  overrides: {
    a: SafeLink,
    h1: { props: { className: 'font-semibold' }, component: 'h2' },
    h2: { props: { className: 'font-semibold' } },
    h3: { props: { className: 'font-semibold' } },
    ul: { props: { className: 'list-disc pl-5 grid gap-1' } },
    ol: { props: { className: 'list-decimal pl-5 grid gap-1' } },
    blockquote: { props: { className: 'border-l-2 border-line pl-3 text-muted' } },
    code: { props: { className: 'rounded bg-sunken px-1' } },
    pre: { props: { className: 'overflow-x-auto rounded-control bg-sunken p-3' } },
    table: { props: { className: 'block overflow-x-auto [&_td]:px-2 [&_td]:py-1 [&_th]:px-2 [&_th]:text-left' } },
  },
};

function SafeLink({ href, children }: ComponentProps<'a'>) {
  const className = 'text-accent underline underline-offset-2';
  if (href === undefined || !isSafe(href)) return <span>{children}</span>;
  if (href.startsWith('/')) {
    return (
      <Link to={href} className={className}>
        {children}
      </Link>
    );
  }
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className={className}>
      {children}
    </a>
  );
}

function isSafe(url: string): boolean {
  return /^(https?:\/\/|mailto:|\/(?![/\\]))/i.test(url);
}
