import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { formatMoney, formatMoneyRange, readMoney } from './money';
import { MoneyField } from './money-field';

function Budget({ currency, start = null }: { currency: string; start?: number | null }) {
  const [minor, setMinor] = useState<number | null>(start);
  return (
    <>
      <MoneyField label="Budget" currency={currency} value={minor} onChange={setMinor} />
      <output>{String(minor)}</output>
    </>
  );
}

const field = () => screen.getByLabelText<HTMLInputElement>('Budget');
const minor = () => screen.getByRole('status').textContent;

describe('MoneyField', () => {
  it('keeps minor units by the digits of the currency', async () => {
    render(<Budget currency="USD" start={6_050} />);
    expect(field().value).toBe('60.50');

    await userEvent.clear(field());
    expect(minor()).toBe('null');
    await userEvent.type(field(), '1,250.5');
    expect(minor()).toBe('125050');
    expect(field().value).toBe('1,250.5');
  });

  it('knows that yen have no smaller units', async () => {
    render(<Budget currency="JPY" start={6_000} />);
    expect(field().value).toBe('6000');

    await userEvent.type(field(), '.5');
    expect(minor()).toBe('null');
    expect(field().validity.valid).toBe(false);
    expect(screen.getByText('JPY has no smaller units.')).toBeDefined();
  });

  it('keeps what is no amount as it was written, and says so', async () => {
    render(<Budget currency="USD" />);
    await userEvent.type(field(), 'sixty');

    expect(field().value).toBe('sixty');
    expect(field().getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('Write an amount, as in 60.')).toBeDefined();
  });
});

it.each([
  ['60', 'USD', 6_000],
  ['$59.5', 'USD', 5_950],
  ['59,50', 'EUR', 5_950],
  ['1,250', 'USD', 125_000],
  ['USD 12', 'USD', 1_200],
  ['1.234', 'KWD', 1_234],
  ['', 'USD', null],
])('reads %j of %s', (text, currency, expected) => {
  expect(readMoney(text, currency)).toEqual({ minor: expected, problem: null });
});

it.each(['-5', '1.2.3', '12.345', '1e3'])('does not take %j for dollars', (text) => {
  expect(readMoney(text, 'USD').problem).not.toBeNull();
});

it('writes amounts as people read them', () => {
  expect(formatMoney(6_000, 'USD')).toBe('$60');
  expect(formatMoney(5_950, 'USD')).toBe('$59.50');
  expect(formatMoney(6_000, 'JPY')).toBe('¥6,000');
  expect(formatMoneyRange(null, 6_000, 'USD')).toBe('up to $60');
  expect(formatMoneyRange(5_500, 9_000, 'USD')).toBe('$55–$90');
  expect(formatMoneyRange(null, null, 'USD')).toBeNull();
});
