import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it } from 'vitest';
import { ApiError } from '../api/errors';
import { json } from '../test/answers';
import { TextField } from './fields';
import { Form } from './form';

const refusal = new ApiError(json({}, 422), {
  code: 'invalid',
  title: 'Invalid',
  detail: 'Two things are wrong.',
  errors: [
    { pointer: '/body/city', message: 'Say a city.' },
    { pointer: '/body/budget', message: 'The budget is upside down.' },
  ],
});

function Request() {
  const [city, setCity] = useState('');
  const [failure, setFailure] = useState<unknown>(null);
  return (
    <Form failure={failure} onSubmit={() => setFailure(refusal)}>
      <TextField label="City" hint="Where it is." pointer="/body/city" value={city} onChange={setCity} />
      <button type="submit">Send</button>
    </Form>
  );
}

it('says at each field what the API said of it, and the rest below, and keeps what was entered', async () => {
  render(<Request />);
  const field = screen.getByLabelText<HTMLInputElement>('City');
  await userEvent.type(field, 'Brooklin');
  await userEvent.click(screen.getByText('Send'));

  expect(field.value).toBe('Brooklin');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  const described = field
    .getAttribute('aria-describedby')
    ?.split(' ')
    .map((id) => document.getElementById(id)?.textContent);
  expect(described).toEqual(['Where it is.', 'Say a city.']);
  expect(document.activeElement).toBe(field);

  const alert = screen.getByRole('alert').textContent;
  expect(alert).toContain('Two things are wrong.');
  expect(alert).toContain('The budget is upside down.');
  expect(alert).not.toContain('Say a city.');
});
