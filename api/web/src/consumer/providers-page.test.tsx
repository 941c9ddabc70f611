import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { json, playApi } from '../test/answers';
import { catalog } from '../test/examples';
import { show } from '../test/show';
import ProvidersPage from './providers-page';

let searches: string[] = [];

beforeEach(() => {
  searches = [];
  playApi((asked) => {
    const { pathname, search } = new URL(asked.url);
    if (pathname === '/services/catalog/full') return json(catalog);
    if (pathname === '/providers') searches.push(search);
    return json({ items: [], next_cursor: null });
  });
});

it('searches as the address says, and says so in its form', async () => {
  show(<ProvidersPage />, '/providers?q=curls&service_id=haircut&lat=40.68&lng=-73.94&radius_km=10&sort=distance');
  expect((await screen.findByLabelText<HTMLInputElement>('Words')).value).toBe('curls');
  expect(screen.getByLabelText<HTMLSelectElement>('Service').value).toBe('haircut');
  expect(screen.getByLabelText<HTMLSelectElement>('Order').value).toBe('distance');
  await waitFor(() => expect(searches).toHaveLength(1));
  expect(Object.fromEntries(new URLSearchParams(searches[0]))).toEqual({
    q: 'curls',
    service_id: 'haircut',
    lat: '40.68',
    lng: '-73.94',
    radius_km: '10',
    sort: 'distance',
  });
});

it('puts what is picked and typed into the address, and goes back with it', async () => {
  const { router } = show(<ProvidersPage />, '/providers');
  await userEvent.type(await screen.findByLabelText('City'), 'Brooklyn');
  await userEvent.click(screen.getByRole('button', { name: 'Search' }));
  expect(router.state.location.search).toBe('?city=Brooklyn');

  await userEvent.selectOptions(screen.getByLabelText('Rated at least'), '4');
  await userEvent.click(screen.getByLabelText(/licence/));
  expect(router.state.location.search).toBe('?city=Brooklyn&min_rating=4&verified=true');
  await waitFor(() => expect(searches.at(-1)).toBe('?city=Brooklyn&min_rating=4&verified=true&sort=rating'));

  await router.navigate(-3);
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('City').value).toBe(''));
});

it('leaves out what makes no sense in an address', async () => {
  show(<ProvidersPage />, '/providers?sort=distance&lat=north&verified=maybe');
  await waitFor(() => expect(searches).toEqual(['?sort=rating']));
});
