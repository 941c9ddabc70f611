import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';
import { useInAddress } from '../ui/address';
import { wordsOf } from '../ui/badge';
import { ButtonLink } from '../ui/button';
import { Card } from '../ui/card';
import { Fact, Facts } from '../ui/facts';
import { Select } from '../ui/fields';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Time } from '../ui/time';
import { ProviderLink, UserLink } from './account-link';
import { useChoice } from './filters';
import type { Choice } from './filters';
import { FindForm } from './find-form';
import { searchPages } from './search-pages';
import { SearchResults } from './search-results';

type Entry = View<'AuditEntryView'>;

/** What moves are on: the first half of `task.cancel`. */
const nouns = [
  'booking',
  'category',
  'consumer',
  'enrollment',
  'licence',
  'media',
  'notification',
  'offer',
  'provider',
  'providers',
  'request',
  'review',
  'service',
  'session',
  'task',
  'user',
] as const;
type Noun = (typeof nouns)[number] | '';

const nounChoices: readonly [Choice<Noun>, ...Choice<Noun>[]] = [
  { value: '', label: 'Anything' },
  ...nouns.map((noun) => ({ value: noun, label: noun === 'providers' ? 'Imported providers' : wordsOf(noun) })),
];

interface Filter {
  noun: Noun;
  who: string;
}

export default function AuditPage() {
  const [noun, setNoun] = useChoice('noun', nounChoices);
  const [who, setWho] = useInAddress('who');
  const filter: Filter = { noun, who: who.toLowerCase() };
  return (
    <Page
      title="Audit"
      width="wide"
      actions={
        <ButtonLink to="/admin/accounts" look="plain" size="small" icon="user">
          Accounts
        </ButtonLink>
      }
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Select label="What was moved" value={noun} onChange={setNoun} options={nounChoices} />
        <FindForm
          label="Id"
          hint="Of the admin, the owner or the thing itself; its beginning will do."
          found={who}
          onFind={setWho}
        />
      </div>
      <Panel resetKey={JSON.stringify(filter)}>
        <AuditList filter={filter} />
      </Panel>
    </Page>
  );
}

function AuditList({ filter }: { filter: Filter }) {
  const pages = usePages({
    queryKey: keys.admin.audit(filter),
    fetchPage: (page, signal) =>
      // The API has no filter: what is asked for is looked for here.
      searchPages<Entry>({
        ...page,
        fetchPage: (query) => call(client.GET('/admin/audit', { params: { query }, signal })),
        matches: (entry) => isAsked(entry, filter),
      }),
  });
  return (
    <SearchResults label="Moves" pages={pages} keyOf={(entry) => entry.id}>
      {(entry) => <EntryCard entry={entry} />}
    </SearchResults>
  );
}

function isAsked(entry: Entry, { noun, who }: Filter): boolean {
  const ids = [entry.admin_id, entry.owner_id, entry.object_id, entry.object_slug];
  return (
    (noun === '' || entry.action.startsWith(`${noun}.`)) &&
    (who === '' || ids.some((id) => id?.startsWith(who) === true))
  );
}

function EntryCard({ entry }: { entry: Entry }) {
  const { from, to, service_id: service } = entry.note;
  return (
    <Card className="grid gap-2">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <code className="font-medium">{entry.action}</code>
        <span className="text-sm text-muted">
          <Time at={entry.created_at} />
        </span>
      </div>
      <Facts>
        <Fact name="By">
          {entry.admin_id == null ? 'An operator, on the command line' : <UserLink id={entry.admin_id} />}
        </Fact>
        <Fact name="With">
          <ObjectOf entry={entry} />
        </Fact>
        <Fact name="Of">
          {entry.owner_id != null && entry.owner_id !== entry.object_id && <UserLink id={entry.owner_id} />}
        </Fact>
        <Fact name="Service">{service}</Fact>
        <Fact name="From">{from}</Fact>
        <Fact name="To">{to}</Fact>
      </Facts>
    </Card>
  );
}

/** What a move was on, with the way to it where an admin has one. */
function ObjectOf({ entry }: { entry: Entry }) {
  const id = entry.object_id;
  if (id == null) return entry.object_slug;
  if (entry.action.startsWith('user.') || entry.action.startsWith('consumer.')) return <UserLink id={id} />;
  if (entry.action.startsWith('provider.') || entry.action.startsWith('licence.')) return <ProviderLink id={id} />;
  return <span className="break-all">{id}</span>;
}
