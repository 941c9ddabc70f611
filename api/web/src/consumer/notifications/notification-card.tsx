import type { View } from '../../api/client';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card, CardLink } from '../../ui/card';
import { Icon } from '../../ui/icons';
import type { IconName } from '../../ui/icons';
import { Time } from '../../ui/time';
import { notificationPath } from './notification-path';

type Notification = View<'NotificationView'>;

interface NotificationCardProps {
  notification: Notification;
  onRead: () => void;
}

/** One thing somebody was told; opening what it is about marks it as read. */
export function NotificationCard({ notification, onRead }: NotificationCardProps) {
  const path = notificationPath(notification);
  const isNew = notification.read_at == null;
  if (path !== null) {
    return (
      <CardLink to={path} className="flex gap-3" onClick={() => isNew && onRead()}>
        <Told notification={notification} />
      </CardLink>
    );
  }
  return (
    <Card className="flex flex-wrap gap-3">
      <Told notification={notification} />
      {isNew && (
        <Button look="quiet" size="small" onClick={onRead}>
          Mark as read
        </Button>
      )}
    </Card>
  );
}

const icons: Record<Notification['kind'], IconName> = {
  lead: 'sparkle',
  offer: 'money',
  offer_declined: 'money',
  offer_expired: 'clock',
  booked: 'calendar',
  rescheduled: 'calendar',
  cancelled: 'close',
  reminder_24h: 'clock',
  completed: 'check',
  review_due: 'star',
  review: 'star',
  review_response: 'star',
  enrollment_decided: 'shield',
  no_match: 'search',
  request_expired: 'clock',
};

function Told({ notification: { kind, text, created_at: at, read_at: read } }: { notification: Notification }) {
  return (
    <>
      <span className="mt-0.5 text-muted">
        <Icon name={icons[kind]} />
      </span>
      <span className="grid min-w-0 flex-1 gap-0.5">
        <span className={read == null ? 'font-medium' : ''}>{text}</span>
        <span className="text-sm text-muted">
          <Time at={at} ago />
        </span>
      </span>
      {read == null && (
        <span>
          <Badge tone="accent">New</Badge>
        </span>
      )}
    </>
  );
}
