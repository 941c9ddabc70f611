import type { ReactNode } from 'react';
import { IconButton } from '../ui/button';
import { soon } from '../ui/late';
import { Markdown } from '../ui/markdown';
import { Panel } from '../ui/panel';
import { Photo } from '../ui/photo';
import { formatDateTime } from '../ui/times';
import { actionOf } from './outbox';
import type { Action } from './outbox';
import type { Media, Message } from './transcript';

const DataCards = soon(() => import('./data-cards'));
const PastDraft = soon(() => import('./past-draft'));

const pressed: Record<Action['kind'], string> = {
  approve: 'Approved the draft',
  edit: 'Wants to change the draft',
  cancel: 'Dropped the draft',
};

interface UserMessageProps {
  /** The server's id of it, once it is known here: what tells messages apart for tests and support. */
  id?: string;
  said: { text: string; photos: readonly Media[] } | { text: string; media: readonly Media[] };
  /** When; of what is not taken yet, nobody knows. */
  at?: string;
  clientId: string | null | undefined;
  onWrite: (text: string, photos: readonly Media[]) => void;
  /** What has become of it, if that is not an answer. */
  children?: ReactNode;
}

/** What the person said. */
export function UserMessage({ id, said, at, clientId, onWrite, children }: UserMessageProps) {
  const photos = 'photos' in said ? said.photos : said.media;
  const action = said.text === '' ? actionOf(clientId) : null;
  return (
    <article aria-label="You" data-message-id={id} className="group grid justify-items-end gap-1.5">
      {photos.length > 0 && (
        <ul aria-label="Photos" className="flex flex-wrap justify-end gap-2">
          {photos.map((photo, number) => (
            <li key={photo.id} className="w-28">
              <Photo media={photo} alt={`Your photo ${number + 1}`} />
            </li>
          ))}
        </ul>
      )}
      {said.text !== '' && (
        <div className="flex max-w-full items-start gap-1 sm:max-w-[85%]">
          <IconButton
            name="edit"
            label="Edit and send again"
            className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-60"
            onClick={() => onWrite(said.text, photos)}
          />
          <p
            data-message-text=""
            title={at === undefined ? undefined : formatDateTime(at)}
            className="min-w-0 rounded-card rounded-br-sm bg-accent-soft px-4 py-2.5 whitespace-pre-wrap [overflow-wrap:anywhere]"
          >
            {said.text}
          </p>
        </div>
      )}
      {said.text === '' && photos.length === 0 && (
        <p className="text-sm text-muted italic">{action === null ? 'Answered the draft' : pressed[action]}</p>
      )}
      {children}
    </article>
  );
}

interface AssistantMessageProps {
  message: Message;
  /** Whether its draft is the one that is open, which stands as a card of its own. */
  isOpenDraft: boolean;
}

/** What the agent answered, with what it shows. */
export function AssistantMessage({ message, isOpenDraft }: AssistantMessageProps) {
  const { text, draft, data } = message;
  return (
    <article
      aria-label="Proxie"
      data-message-id={message.id}
      title={formatDateTime(message.created_at)}
      className="grid min-w-0 gap-3"
    >
      <div data-message-text="" className="min-w-0">
        <Markdown text={text} />
      </div>
      {data != null && (
        <Panel resetKey={message.id} skeleton={null}>
          <DataCards data={data} />
        </Panel>
      )}
      {draft != null && !isOpenDraft && (
        <Panel resetKey={message.id} skeleton={null}>
          <PastDraft draft={draft} />
        </Panel>
      )}
    </article>
  );
}
