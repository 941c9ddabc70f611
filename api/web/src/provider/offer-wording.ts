import { formatLocalSlot } from '../bookings/slots';
import type { NamedSlot } from '../bookings/slots';
import { formatMoney } from '../ui/money';

/** What stands for the words in the braces of a template; null as long as it is not known. */
interface Wording {
  first_name: string | null;
  service: string;
  price: string | null;
  slot: string | null;
}

/** The words for an offer. */
export function wordingOf(
  need: { firstName: string | null; service: string; currency: string },
  offer: { price_cents: number | null; slots: readonly NamedSlot[] },
): Wording {
  const [first] = offer.slots;
  return {
    first_name: need.firstName ?? 'there',
    service: need.service.toLowerCase(),
    price: offer.price_cents === null ? null : formatMoney(offer.price_cents, need.currency),
    slot: first === undefined ? null : `on ${formatLocalSlot(first)}`,
  };
}

/**
 * A suggested message, with braces in place of its price and slot: what is chosen instead is in it, then. These are the
 * words in which the API puts them.
 */
export function withBraces(message: string, price: { cents: number; currency: string }, slot: NamedSlot | undefined) {
  const amount = amountOf(price.cents, price.currency).replace(/[$.]/g, '\\$&');
  // Of `$550` the beginning is another amount.
  const priced = message.replace(new RegExp(`(?<![\\d.,])${amount}(?!\\d|[.,]\\d)`, 'g'), '{price}');
  return slot === undefined ? priced : priced.replaceAll(momentOf(slot), '{slot}');
}

/** `$55`, `55.50 EUR` */
function amountOf(cents: number, currency: string): string {
  const amount = cents % 100 === 0 ? String(cents / 100) : (cents / 100).toFixed(2);
  return currency === 'USD' ? `$${amount}` : `${amount} ${currency}`;
}

/** `on Saturday, 28 November at 14:00` */
function momentOf({ date, start_time }: NamedSlot): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en', { timeZone: 'UTC', ...options }).format(new Date(`${date}T00:00:00Z`));
  const [weekday, day, month] = [part({ weekday: 'long' }), part({ day: 'numeric' }), part({ month: 'long' })];
  return `on ${weekday}, ${day} ${month} at ${start_time}`;
}

/** A text with words in place of `{first_name}`, `{service}`, `{price}` and `{slot}`, as far as they are known. */
export function fill(text: string, words: Wording): string {
  return text.replace(/\{(first_name|service|price|slot)\}/g, (braces, name: keyof Wording) => words[name] ?? braces);
}

/** Whether something in braces is still to be filled in. */
export function hasBraces(text: string): boolean {
  return /\{(first_name|service|price|slot)\}/.test(text);
}
