import { useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import type { View } from '../api/client';
import { useWho } from '../auth/who';
import { profileQuery } from '../providers/provider';
import { Badge, StateBadge } from '../ui/badge';
import { ButtonLink } from '../ui/button';
import { Notice } from '../ui/notice';
import { BackLink, Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Rating } from '../ui/rating';
import { Skeleton } from '../ui/skeleton';
import { ProviderAbout } from './providers/provider-about';
import { ProviderPortfolio } from './providers/provider-portfolio';
import { ProviderReviews } from './providers/provider-reviews';
import { ProviderServices, ProviderTimes } from './providers/provider-services';

export default function ProviderPage() {
  const { id = '' } = useParams();
  const { data: provider } = useSuspenseQuery(profileQuery(id));
  return (
    <Page
      title={provider.name}
      back={<BackLink to="/providers">Find providers</BackLink>}
      actions={<AskOrEdit provider={provider} />}
    >
      <div className="grid gap-1.5">
        {provider.headline !== '' && <p className="text-lg">{provider.headline}</p>}
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
          <Rating rating={provider.rating} count={provider.review_count} />
          {provider.verified && <Badge tone="good">Licence checked</Badge>}
          {provider.status !== 'active' && <StateBadge state={provider.status} />}
        </p>
      </div>
      {provider.status !== 'active' && <Notice tone="warn">{provider.name} takes no new work at present.</Notice>}
      <ProviderAbout provider={provider} />
      <Part title="Services">
        <Panel skeleton={<Skeleton className="h-40" />}>
          <ProviderServices providerId={id} />
        </Panel>
      </Part>
      <Part title="Free times">
        <Panel skeleton={<Skeleton className="h-80" />}>
          <ProviderTimes provider={provider} />
        </Panel>
      </Part>
      <Part title="Portfolio">
        <Panel skeleton={<Skeleton className="h-48" />}>
          <ProviderPortfolio providerId={id} />
        </Panel>
      </Part>
      <Part title="Reviews">
        <Panel>
          <ProviderReviews provider={provider} />
        </Panel>
      </Part>
    </Page>
  );
}

function AskOrEdit({ provider }: { provider: View<'ProfileView'> }) {
  const { providerId } = useWho();
  if (providerId === provider.id) {
    return (
      <ButtonLink to="/work/profile" look="plain" icon="edit">
        Edit your profile
      </ButtonLink>
    );
  }
  return (
    <ButtonLink to={`/?provider=${provider.id}`} icon="chat">
      Ask for an offer
    </ButtonLink>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-3">
      <h2 className="font-serif text-xl font-semibold">{title}</h2>
      {children}
    </section>
  );
}
