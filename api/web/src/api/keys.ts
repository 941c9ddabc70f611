/**
 * The keys of all queries, by the nouns of the API. Each begins with its noun, so that
 * `invalidateQueries({ queryKey: keys.requests.all })` reaches every list and every one of them. What is kept under a key has one shape:
 * a query that several use is written once, at its noun (`requestQuery`, `servicesQuery`).
 */
export const keys = {
  config: ['config'],
  me: ['me'],
  /** The caller's own provider id. */
  ownProvider: ['me', 'provider'],
  sessions: family('sessions'),
  tasks: family('tasks'),
  requests: {
    ...family('requests'),
    mine: ['requests', 'mine'],
    matches: (id: string) => ['requests', 'one', id, 'matches'],
    offers: (id: string) => ['requests', 'one', id, 'offers'],
  },
  leads: family('leads'),
  offers: family('offers'),
  bookings: family('bookings'),
  reviews: { written: ['reviews', 'written'] },
  providers: {
    ...family('providers'),
    profile: (id: string) => ['providers', 'one', id, 'profile'],
    services: (id: string) => ['providers', 'one', id, 'services'],
    portfolio: (id: string) => ['providers', 'one', id, 'portfolio'],
    reviews: (id: string) => ['providers', 'one', id, 'reviews'],
    templates: (id: string) => ['providers', 'one', id, 'templates'],
    availability: (id: string) => ['providers', 'one', id, 'availability'],
    settings: (id: string) => ['providers', 'one', id, 'settings'],
    stats: (id: string) => ['providers', 'one', id, 'stats'],
    slots: (id: string, query: object) => ['providers', 'one', id, 'slots', query],
  },
  consumer: { profile: ['consumer', 'profile'], memory: ['consumer', 'memory'] },
  catalog: ['catalog'],
  notifications: { ...family('notifications'), unread: ['notifications', 'unread'] },
  enrollments: { ...family('enrollments'), mine: ['enrollments', 'mine'] },
  media: (id: string) => ['media', id],
  usage: { mine: (query: object) => ['usage', 'mine', query], everybody: (query: object) => ['usage', 'all', query] },
  admin: {
    all: ['admin'],
    tasks: (query: object) => ['admin', 'tasks', query],
    task: (id: string) => ['admin', 'task', id],
    user: (id: string) => ['admin', 'user', id],
    audit: (query: object) => ['admin', 'audit', query],
  },
} as const;

/** The keys of a noun: everything, one list by its filter, one of them. */
function family(noun: string) {
  return {
    all: [noun],
    list: (query: object = {}) => [noun, 'list', query],
    one: (id: string) => [noun, 'one', id],
  } as const;
}
