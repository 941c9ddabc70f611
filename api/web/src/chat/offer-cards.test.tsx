import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { json, playApi } from '../test/answers';
import { booking, catalog, offer, request } from '../test/examples';
import { show } from '../test/show';
import { OfferCards } from './offer-cards';

const another = {
  ...offer,
  id: 'o-2',
  provider: { ...offer.provider, name: 'Bob' },
  price_cents: 5550,
  message: 'Hello from Bob',
};

function play() {
  return playApi((asked) => {
    const { pathname } = new URL(asked.url);
    if (pathname === '/services/catalog/full') return json(catalog);
    if (pathname === '/requests/r-1') return json(request);
    if (pathname === '/offers/o-1') return json(offer);
    if (pathname === '/offers/o-1/accept') return json(booking);
    return json({ items: [], next_cursor: null });
  });
}

it('shows offers side by side: who, rating, price, times, words', async () => {
  play();
  show(<OfferCards offers={[offer, another]} />);
  const [first, second] = (await screen.findAllByRole('heading', { level: 3 })).map((name) => name.closest('li'));
  expect(first?.textContent).toMatch(/Curl & Co.*4\.8.*\$60.*10:00/);
  expect(second?.textContent).toMatch(/Bob.*\$55\.50.*Hello from Bob/);
});

it('books one of them where it is shown', async () => {
  const asked = play();
  show(<OfferCards offers={[offer]} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Accept' }));
  await userEvent.click(await screen.findByRole('radio', { name: /10:00/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Book' }));
  await screen.findByRole('button', { name: 'Accept' });
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(asked).toContain('PUT /offers/o-1/accept');
});

it('offers no acceptance of what is over', async () => {
  play();
  show(<OfferCards offers={[{ ...offer, status: 'declined' }]} />);
  expect(await screen.findByText('Declined')).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Accept' })).toBeNull();
});
