import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const css = readFileSync('src/styles.css', 'utf8');

/** The colors of `:root`, and those that the dark theme puts in their place. */
function colorsOf(theme: 'light' | 'dark'): Map<string, string> {
  const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) => block);
  const of = (block: string) =>
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = '', color = '']) => [name, color] as const);
  return new Map(theme === 'light' ? of(light) : [...of(light), ...of(dark)]);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['ground', 'surface', 'sunken'];
const pairs = [
  ...['ink', 'muted', 'accent', 'bad', 'good', 'warn'].flatMap((text) =>
    grounds.map((ground) => [text, ground, 4.5] as const),
  ),
  ...['good', 'warn', 'bad'].map((tone) => [tone, `${tone}-soft`, 4.5] as const),
  ['ink', 'accent-soft', 4.5] as const,
  ['accent', 'accent-soft', 4.5] as const,
  ['accent-ink', 'accent', 4.5] as const,
  ['accent-ink', 'accent-strong', 4.5] as const,
  ...['surface', 'ground'].map((ground) => ['line-strong', ground, 3] as const),
];

it.each(['light', 'dark'] as const)('can be read in the %s theme', (theme) => {
  const colors = colorsOf(theme);
  const tooFaint = pairs.filter(
    ([text, ground, least]) => contrast(colors.get(text) ?? '', colors.get(ground) ?? '') < least,
  );
  expect(tooFaint).toEqual([]);
});
