import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { json, playApi, problem } from '../test/answers';
import { visit } from '../test/visit';
import EnrollmentsPage from './enrollments-page';

const enrollment = {
  id: 'e-1',
  user_id: 'u-1',
  status: 'pending_verification',
  fields: {
    business_name: 'Rivera Plumbing',
    city: 'Queens',
    services: [{ service_id: 'pipe_repair', licence_number: 'NYC-LMP-1234', licence_expires_on: '2020-06-30' }],
    portfolio: [{ media_id: 'm-1', title: 'A sink', service_id: 'pipe_repair' }],
  },
  missing: [],
  reasons: [],
  submitted_at: '2026-11-20T10:00:00Z',
  created_at: '2026-11-19T10:00:00Z',
};
const media = { id: 'm-1', url: '/media/m-1/full.jpg', thumb_url: '/media/m-1/thumb.jpg', mime: 'image/jpeg' };
const catalog = {
  items: [{ id: 'plumbing', services: [{ id: 'pipe_repair', name: 'Pipe repair', licensed: true }] }],
};

let listed: (string | null)[];
let posted: { path: string; body: unknown }[];
let answers: Response[];

beforeEach(() => {
  listed = [];
  posted = [];
  answers = [];
  playApi(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === 'POST') {
      const text = await request.text();
      posted.push({ path: pathname, body: text === '' ? null : JSON.parse(text) });
      return answers.shift() ?? json({ ...enrollment, status: 'verified' });
    }
    if (pathname.startsWith('/media/')) return json(media);
    if (pathname === '/services/catalog/full') return json(catalog);
    listed.push(searchParams.get('status'));
    return json({ items: posted.length > 0 && answers.length === 0 ? [] : [enrollment], next_cursor: null });
  });
});

const open = (address = '/admin/enrollments') => visit(EnrollmentsPage, '/admin/enrollments', address);
const reasonsField = () => screen.findByLabelText<HTMLTextAreaElement>('Reasons');
const dialog = async () => within(await screen.findByRole('dialog'));

it('shows who waits with licences, expiry and photos, and looks at others by the address', async () => {
  const address = open();
  expect(await screen.findByText('NYC-LMP-1234')).toBeDefined();
  expect(screen.getByText('Tue, Jun 30, 2020')).toBeDefined();
  expect(screen.getByText('Licence has expired')).toBeDefined();
  expect(await screen.findByText('Needs a licence')).toBeDefined();
  expect((await screen.findByRole('link', { name: 'A sink, in full' })).getAttribute('href')).toBe(media.url);
  expect(listed).toEqual(['pending_verification']);

  await userEvent.click(screen.getByRole('tab', { name: 'Sent back' }));
  await waitFor(() => expect(listed).toEqual(['pending_verification', 'rejected']));
  expect(address()).toBe('/admin/enrollments?status=rejected');
});

it('keeps the reasons when sending back fails, and when the dialog is closed meanwhile', async () => {
  const refusal = { errors: [{ pointer: '/body/reasons/1', message: 'Is too long.' }] };
  answers = [problem(422, 'invalid', 'One thing is wrong.', refusal), json({ ...enrollment, status: 'rejected' })];
  open();
  const sendBack = { name: 'Send back' };
  await userEvent.click(await screen.findByRole('button', sendBack));
  await userEvent.type(await reasonsField(), 'The number is another’s.{Enter}  {Enter}The photo is blurred. ');
  await userEvent.click((await dialog()).getByRole('button', sendBack));
  expect((await screen.findByRole('alert')).textContent).toContain('Is too long.');
  expect((await reasonsField()).value).toContain('The number is another’s.');

  await userEvent.click((await dialog()).getByRole('button', { name: 'Close' }));
  await userEvent.click(await screen.findByRole('button', sendBack));
  expect((await reasonsField()).value).toContain('The photo is blurred.');

  await userEvent.click((await dialog()).getByRole('button', sendBack));
  await screen.findByText('Nobody waits');
  const sent = {
    path: '/enrollment/e-1/reject',
    body: { reasons: ['The number is another’s.', 'The photo is blurred.'] },
  };
  expect(posted).toEqual([sent, sent]);
});

it('approves only after a confirmation', async () => {
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Approve' }));
  await dialog();
  expect(posted).toEqual([]);
  await userEvent.click((await dialog()).getByRole('button', { name: 'Approve' }));
  await screen.findByText('Rivera Plumbing is a provider now.');
  expect(posted).toEqual([{ path: '/enrollment/e-1/approve', body: null }]);
});
