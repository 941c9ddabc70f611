import { TextArea, TextField } from '../ui/fields';
import type { ErrorsAt } from './errors-at';
import { NumberField } from './number-field';
import { PhrasesField } from './phrases-field';

/** What a business says of itself. */
export interface BusinessValues {
  name: string | null;
  headline: string | null;
  bio: string | null;
  city: string | null;
  languages: string[];
  years_experience: number | null;
  phone: string | null;
  email: string | null;
  street: string | null;
}

interface BusinessFieldsProps {
  value: BusinessValues;
  onChange: (changes: Partial<BusinessValues>) => void;
  at: ErrorsAt;
}

const languages = ['English', 'Spanish', 'Chinese', 'French', 'German', 'Arabic', 'Portuguese', 'Russian', 'Hindi'];

/** The fields of {@link BusinessValues}; what is emptied is null. */
export function BusinessFields({ value, onChange, at }: BusinessFieldsProps) {
  return (
    <>
      <TextField
        label="Name of your business"
        {...at('name')}
        value={value.name ?? ''}
        onChange={(name) => onChange({ name: orNull(name) })}
        maxLength={200}
        autoComplete="organization"
        required
      />
      <TextField
        label="In one line"
        hint="What you are best at: curly hair is all we do."
        {...at('headline')}
        value={value.headline ?? ''}
        onChange={(headline) => onChange({ headline: orNull(headline) })}
        maxLength={200}
      />
      <TextArea
        label="About you"
        hint="People and their agents read this. Say what you do, and how."
        {...at('bio')}
        value={value.bio ?? ''}
        onChange={(bio) => onChange({ bio: orNull(bio) })}
        maxLength={5_000}
        rows={5}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="City or neighbourhood"
          hint="Where you work from."
          {...at('city')}
          value={value.city ?? ''}
          onChange={(city) => onChange({ city: orNull(city) })}
          maxLength={200}
          required
        />
        <NumberField
          label="Years of experience"
          {...at('years_experience')}
          value={value.years_experience}
          onChange={(years) => onChange({ years_experience: years })}
          min={0}
          max={80}
        />
      </div>
      <PhrasesField
        label="Languages"
        hint="Add each with Enter."
        {...at('languages')}
        value={value.languages}
        onChange={(spoken) => onChange({ languages: spoken })}
        suggestions={languages}
        maxLength={50}
      />
      <fieldset className="grid gap-4 rounded-card border border-line p-4 sm:grid-cols-2">
        <legend className="px-1 text-sm font-medium">How to reach you</legend>
        <p className="text-sm text-muted sm:col-span-2">Shown to people who have booked you, and to nobody else.</p>
        <TextField
          label="Phone"
          type="tel"
          autoComplete="tel"
          {...at('phone')}
          value={value.phone ?? ''}
          onChange={(phone) => onChange({ phone: orNull(phone) })}
          minLength={3}
          maxLength={40}
        />
        <TextField
          label="E-mail"
          type="email"
          autoComplete="email"
          {...at('email')}
          value={value.email ?? ''}
          onChange={(email) => onChange({ email: orNull(email) })}
          maxLength={254}
        />
        <div className="sm:col-span-2">
          <TextField
            label="Street"
            autoComplete="street-address"
            {...at('street')}
            value={value.street ?? ''}
            onChange={(street) => onChange({ street: orNull(street) })}
            maxLength={300}
          />
        </div>
      </fieldset>
    </>
  );
}

/** A text that is not there is null. */
export function orNull(text: string): string | null {
  return text === '' ? null : text;
}
