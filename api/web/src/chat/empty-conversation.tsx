import type { Who } from '../auth/who';
import { Icon } from '../ui/icons';

interface Beginning {
  title: string;
  text: string;
  examples: readonly string[];
}

const seeking: Beginning = {
  title: 'What do you need done?',
  text: 'Say it in your own words: what, where, when and for about how much. Proxie finds the right people, collects their offers and books the one you choose.',
  examples: [
    'I need a haircut for curly hair in Brooklyn this weekend, about $60',
    'My kitchen sink in Queens leaks, somebody should come today',
    'A deep clean of a two-bedroom flat before I move out',
    'A photographer for a small wedding in June',
  ],
};

const beginnings: Record<Who['role'] | 'enrollment', Beginning> = {
  guest: seeking,
  consumer: seeking,
  admin: seeking,
  provider: {
    title: 'How can I help your business?',
    text: 'Ask about leads, offers and your calendar. Nothing is sent to a customer before you approve it.',
    examples: [
      'Which leads fit me best today?',
      'I am away from Friday to Sunday',
      'What should I offer for my newest lead?',
      'How am I doing this month?',
    ],
  },
  enrollment: {
    title: 'Tell me about your craft',
    text: 'What you do, where, for how much, and when you work. I fill in your enrollment as we talk; you approve it at the end.',
    examples: ['I cut and color curly hair in Brooklyn, from $55', 'I am a licensed electrician in Queens'],
  },
};

interface EmptyConversationProps {
  role: Who['role'] | 'enrollment';
  /** Puts an example into the composer. */
  onPick: (example: string) => void;
}

/** Where nothing was said yet: what one may say. */
export function EmptyConversation({ role, onPick }: EmptyConversationProps) {
  const { title, text, examples } = beginnings[role];
  return (
    <div className="grid flex-1 content-center gap-5 py-6">
      <div className="grid gap-2">
        <h2 className="font-serif text-3xl font-semibold text-balance">{title}</h2>
        <p className="max-w-prose text-muted">{text}</p>
      </div>
      <ul aria-label="Examples" className="grid gap-2 sm:grid-cols-2">
        {examples.map((example) => (
          <li key={example} className="grid">
            <button
              type="button"
              onClick={() => onPick(example)}
              className="flex min-h-11 items-start gap-2.5 rounded-card border border-line bg-surface p-3 text-left hover:border-line-strong"
            >
              <span className="mt-0.5 text-accent">
                <Icon name="sparkle" />
              </span>
              {example}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
