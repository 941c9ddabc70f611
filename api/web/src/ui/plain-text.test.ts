import { expect, it } from 'vitest';
import { plainText } from './plain-text';

it.each([
  ['Two **good** ones', 'Two good ones'],
  ['## Your request\n\n- *Haircut*\n- `Albany`', 'Your request\n\nHaircut\nAlbany'],
  ['> See [your bookings](/bookings)', 'See your bookings'],
  ['_Soon_ and __now__', 'Soon and now'],
  ['About $60 - 5 > 4, say_so', 'About $60 - 5 > 4, say_so'],
])('leaves the words of Markdown: %s', (markdown, words) => {
  expect(plainText(markdown)).toBe(words);
});
