import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { expect, it } from 'vitest';
import MarkdownText from './markdown-text';

function show(text: string): HTMLElement {
  return render(
    <MemoryRouter>
      <MarkdownText text={text} />
    </MemoryRouter>,
  ).container;
}

it('renders Markdown', () => {
  show('Two **good** ones:\n\n- Curl & Co\n- Maya');
  expect(screen.getByText('good').tagName).toBe('STRONG');
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
});

it.each([
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '<iframe src="https://evil.example"></iframe>',
  'Hi <b onclick="alert(1)">you</b>',
  '<a href="javascript:alert(1)">press</a>',
  '<style>body{display:none}</style>',
])('leaves HTML as text: %s', (text) => {
  const container = show(text);
  expect(
    container.querySelector('img, script, iframe, b, style, [onclick], [onerror], a[href^="javascript" i]'),
  ).toBeNull();
  expect(container.textContent).toContain('<');
});

it('shows the words of an image and loads nothing', () => {
  const container = show(
    'See ![a curl](https://tracker.example/p.png) here\n\n![ref][x]\n\n[x]: https://tracker.example/q.png',
  );
  expect(container.querySelector('img')).toBeNull();
  expect(container.textContent).toContain('a curl');
});

it.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  '//evil.example',
  '/\\evil.example',
  '&#106;avascript:alert(1)',
])('makes no link to %s', (url) => {
  expect(show(`[press](${url})`).querySelector('a')).toBeNull();
});

it('leads to the web without telling where from, and within the client without leaving it', () => {
  show('[out](https://example.com/a) and [in](/bookings)');
  expect(screen.getByText('out').closest('a')?.rel).toContain('noopener');
  expect(screen.getByText('in').closest('a')?.getAttribute('href')).toBe('/bookings');
});
