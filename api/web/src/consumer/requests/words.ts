import type { View } from '../../api/client';

export const placeWords: Record<View<'ServicePlace'>, string> = {
  consumer: 'At my place',
  provider: 'At the provider’s place',
  remote: 'Remote: by phone or online',
};

export const urgencyWords: Record<View<'Urgency'>, string> = {
  flexible: 'Flexible',
  soon: 'In the next days',
  urgent: 'As soon as possible',
};
