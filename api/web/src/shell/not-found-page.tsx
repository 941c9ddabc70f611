import { ButtonLink } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { Page } from '../ui/page';

export default function NotFoundPage() {
  return (
    <Page title="Nothing is here">
      <EmptyState
        icon="search"
        title="There is no page at this address"
        action={<ButtonLink to="/">Go to the chat</ButtonLink>}
      >
        It may have moved, or the link is incomplete.
      </EmptyState>
    </Page>
  );
}
