/** Currencies that people choose among; any other is kept where it was said. */
export const commonCurrencies = ['USD', 'EUR', 'GBP', 'CAD', 'AUD', 'CHF', 'JPY'];

/** How many digits a currency has after its point. */
function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** An amount of minor units as people read it: `$60`, `$59.50`, `¥6,000`. */
export function formatMoney(minor: number, currency: string): string {
  const major = minor / 10 ** digitsOf(currency);
  return new Intl.NumberFormat('en', { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' }).format(
    major,
  );
}

/** A price range or budget: `$55–$90`, `from $55`, `up to $90`; null if it says nothing. */
export function formatMoneyRange(
  min: number | null | undefined,
  max: number | null | undefined,
  currency: string,
): string | null {
  if (min == null) return max == null ? null : `up to ${formatMoney(max, currency)}`;
  if (max == null) return `from ${formatMoney(min, currency)}`;
  return min === max ? formatMoney(min, currency) : `${formatMoney(min, currency)}–${formatMoney(max, currency)}`;
}

/** An amount as somebody edits it: `59.50`. */
export function editMoney(minor: number | null, currency: string): string {
  if (minor === null) return '';
  const digits = digitsOf(currency);
  const major = minor / 10 ** digits;
  return Number.isInteger(major) ? String(major) : major.toFixed(digits);
}

type ReadMoney = { minor: number | null; problem: null } | { minor: null; problem: string };

/** Reads what somebody wrote: `1,250`, `$59.50`, `59,50`. Nothing is no amount. */
export function readMoney(text: string, currency: string): ReadMoney {
  const digits = digitsOf(currency);
  const written = text.replace(/[\s\p{Sc}]/gu, '').replace(new RegExp(currency, 'i'), '');
  if (written === '') return { minor: null, problem: null };
  // A comma with one or two digits behind it, and no point, is how many countries write a point.
  const plain =
    written.includes('.') || !/,\d{1,2}$/.test(written)
      ? written.replace(/,(?=\d{3}(\D|$))/g, '')
      : written.replace(',', '.');
  const parts = /^(\d+)(?:\.(\d*))?$/.exec(plain);
  if (parts === null) return { minor: null, problem: 'Write an amount, as in 60.' };
  const [, whole = '', fraction = ''] = parts;
  if (fraction.length > digits) {
    return {
      minor: null,
      problem: digits === 0 ? `${currency} has no smaller units.` : `Write at most ${digits} digits after the point.`,
    };
  }
  return { minor: Number(whole + fraction.padEnd(digits, '0')), problem: null };
}

/** Millionths of a dollar as dollars: cents are enough above one, what is less is shown to the last of them. */
export function formatMicros(micros: number): string {
  const digits = micros !== 0 && micros < 1_000_000 ? 6 : 2;
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(micros / 1_000_000);
}
