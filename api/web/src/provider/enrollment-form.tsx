import { useEffect, useRef } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ButtonLink } from '../ui/button';
import { classNames } from '../ui/class-names';
import { Icon } from '../ui/icons';
import { Panel } from '../ui/panel';
import { ownZone } from '../ui/times';
import { AvailabilityFields } from './availability-fields';
import { BusinessFields } from './business-fields';
import { allSteps, stepLabels, stepOf } from './enrollment';
import type { Enrollment, Step } from './enrollment';
import type { EnrollmentDraft } from './enrollment-draft';
import { EnrollmentPortfolio } from './enrollment-portfolio';
import { EnrollmentServices } from './enrollment-services';
import { EnrollmentSubmit } from './enrollment-summary';
import { below } from './errors-at';
import { closed } from './hours';
import { NumberField } from './number-field';
import { SaveState } from './save-state';

interface EnrollmentFormProps {
  enrollment: Enrollment;
  draft: EnrollmentDraft;
}

/** The form in steps; which one is in the address, so that a reload stays there. */
export function EnrollmentForm({ enrollment, draft }: EnrollmentFormProps) {
  const [search] = useSearchParams();
  const step = allSteps.find((one) => one === search.get('step')) ?? 'about';
  const at = allSteps.indexOf(step);
  const [before, next] = [allSteps[at - 1], allSteps[at + 1]];
  return (
    <div className="grid gap-5">
      <Steps current={step} enrollment={enrollment} />
      <SaveState status={draft.status} failure={draft.failure} onRetry={() => void draft.flush()} />
      <section aria-labelledby="step" className="grid gap-4">
        <StepHeading step={step} />
        <Panel resetKey={step}>
          <StepFields step={step} enrollment={enrollment} draft={draft} />
        </Panel>
      </section>
      <div className="flex flex-wrap justify-between gap-2">
        {before === undefined ? (
          <span />
        ) : (
          <ButtonLink look="plain" icon="left" to={`?step=${before}`}>
            {stepLabels[before]}
          </ButtonLink>
        )}
        {next !== undefined && (
          <ButtonLink to={`?step=${next}`} onClick={() => void draft.flush()}>
            Next: {stepLabels[next]}
          </ButtonLink>
        )}
      </div>
    </div>
  );
}

function Steps({ current, enrollment }: { current: Step; enrollment: Enrollment }) {
  const lacking = new Set(enrollment.missing.map(({ pointer }) => stepOf(pointer)));
  return (
    <nav aria-label="Steps">
      <ol className="flex gap-1 overflow-x-auto border-b border-line">
        {allSteps.map((step) => (
          <li key={step}>
            <Link
              to={`?step=${step}`}
              aria-current={step === current ? 'step' : undefined}
              className={classNames(
                'inline-flex min-h-11 items-center gap-1.5 border-b-2 px-3 font-medium whitespace-nowrap',
                step === current ? 'border-accent' : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {stepLabels[step]}
              {step !== 'summary' && !lacking.has(step) && (
                <span className="text-good">
                  <Icon name="check" size={16} label="complete" />
                </span>
              )}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Takes the focus when another step comes, so that it is read out. */
function StepHeading({ step }: { step: Step }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const last = useRef(step);
  useEffect(() => {
    if (last.current === step) return;
    last.current = step;
    heading.current?.focus();
  }, [step]);
  return (
    <h2 ref={heading} id="step" tabIndex={-1} className="font-serif text-xl font-semibold focus:outline-none">
      {stepLabels[step]}
    </h2>
  );
}

function StepFields({ step, enrollment, draft }: EnrollmentFormProps & { step: Step }) {
  switch (step) {
    case 'about':
      return <About draft={draft} />;
    case 'services':
      return <EnrollmentServices draft={draft} />;
    case 'hours':
      return (
        <div className="grid gap-6">
          <AvailabilityFields
            value={draft.fields.availability ?? closed(ownZone)}
            onChange={(availability) => draft.change({ availability })}
            at={below(draft.errorsAt, 'availability')}
          />
        </div>
      );
    case 'portfolio':
      return <EnrollmentPortfolio draft={draft} />;
    case 'summary':
      return <EnrollmentSubmit enrollment={enrollment} draft={draft} />;
  }
}

function About({ draft }: { draft: EnrollmentDraft }) {
  const { fields, errorsAt } = draft;
  return (
    <div className="grid gap-4">
      <BusinessFields
        value={{
          name: fields.business_name ?? null,
          headline: fields.headline ?? null,
          bio: fields.bio ?? null,
          city: fields.city ?? null,
          languages: fields.languages ?? [],
          years_experience: fields.years_experience ?? null,
          phone: fields.phone ?? null,
          email: fields.email ?? null,
          street: fields.street ?? null,
        }}
        onChange={({ name, ...others }) =>
          draft.change(name === undefined ? others : { ...others, business_name: name })
        }
        at={(path) => errorsAt(path === 'name' ? 'business_name' : path)}
      />
      <NumberField
        label="How far you travel, in kilometres"
        hint="For work at the customer’s place. Left empty, it is 25."
        {...errorsAt('radius_km')}
        value={fields.radius_km ?? null}
        onChange={(radius) => draft.change({ radius_km: radius })}
        min={0}
        max={1_000}
      />
    </div>
  );
}
